import { Injectable } from '@nestjs/common';
import { NoAudit } from '@platform/audit';
import { Cron, type CronTick, Jobs } from '@platform/queue';
import { EraseAccount } from '../contract';
import { AccountDeletionRepository } from '../deletions/account-deletion.repository';

/** What happens to accounts at set times. */
@Injectable()
export class UsersSchedule {
  constructor(
    private readonly deletions: AccountDeletionRepository,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Ask, hourly, for the deletions that are due: for those whose own job was lost or failed for good, and once a day for
   * those that something was in the way of.
   */
  @Cron('25 * * * *', { name: 'users.erase-due-accounts' })
  @NoAudit('each erasure is recorded by itself')
  async eraseDueAccounts({ scheduled_for }: CronTick): Promise<void> {
    for (const { id } of await this.deletions.due()) {
      // The tick in the key: a dead letter of an earlier attempt must not fold this one.
      await this.jobs.enqueue(EraseAccount, { deletion_id: id }, { key: `${id}:${scheduled_for}` });
    }
  }
}
