import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Cache } from '@platform/cache';
import { type ErasureReport } from '@platform/database';
import { Events, Jobs } from '@platform/queue';
import { type DeletionOccasion, EraseAccount, SendAccountDeletedMail, SendDeletionMail, UserErased } from '../contract';
import { type AccountDeletion } from '../entities/account-deletion.entity';
import { type User } from '../entities/user.entity';
import { userTag } from '../users.tags';

/** By then every request that was under way when the account went has ended, milliseconds. */
const SWEEP_AFTER_MS = 600_000;

/** What is recorded, told and set in motion beside a deletion; all of it in the caller's transaction. */
@Injectable()
export class DeletionNotices {
  constructor(
    private readonly jobs: Jobs,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly cache: Cache,
  ) {}

  /** A person wants to be deleted: a mail says until when it can be taken back, and a job waits for that time. */
  async requested({ dueAt, id, requestedAt, userId }: AccountDeletion): Promise<void> {
    const delayMs = dueAt.getTime() - requestedAt.getTime();
    await this.tell(id, 'requested', []);
    await this.jobs.enqueue(EraseAccount, { deletion_id: id }, { key: id, delayMs });
    this.audit.note({ resourceType: 'user', resourceId: userId, details: { due_at: dueAt.toISOString() } });
  }

  /** The person has thought better of it. The job that waits will find no wish. */
  cancelled(userId: string): void {
    this.audit.note({ resourceType: 'user', resourceId: userId });
  }

  /** Something is in the way of a deletion that is due: the person is told once. */
  blocked({ id }: AccountDeletion, obstacles: string[]): Promise<void> {
    return this.tell(id, 'blocked', obstacles);
  }

  /**
   * The account is gone: the last mail goes to the address that it had, from a job that is purged an hour after; a
   * second look removes what a request wrote that was under way meanwhile.
   */
  async erased({ id, userId }: AccountDeletion, user: User | null, report: ErasureReport): Promise<void> {
    this.cache.invalidateTag(userTag(userId));
    await this.events.publish(new UserErased({ user_id: userId }));
    if (user) await this.jobs.enqueue(SendAccountDeletedMail, { deletion_id: id, email: user.email }, { key: id });
    await this.jobs.enqueue(EraseAccount, { deletion_id: id }, { key: `${id}:sweep`, delayMs: SWEEP_AFTER_MS });
    await this.audit.append({
      action: 'user.deleted',
      resourceType: 'user',
      resourceId: userId,
      details: { deletion_id: id, rows: { ...report } },
    });
  }

  private async tell(id: string, occasion: DeletionOccasion, obstacles: string[]): Promise<void> {
    await this.jobs.enqueue(SendDeletionMail, { deletion_id: id, occasion, obstacles }, { key: `${id}:${occasion}` });
  }
}
