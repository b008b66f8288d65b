import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { NoAudit } from '@platform/audit';
import { Mailer } from '@platform/mail';
import { JobHandler, type JobRun } from '@platform/queue';
import { type AccountNotice, SendAccountNotice } from '../contract';
import { ACCOUNT_NOTICE } from './account-notice.mails';

/** Tells a person what happened to his account. */
@Injectable()
export class SendAccountNoticeHandler {
  constructor(
    private readonly users: UserDirectory,
    private readonly mailer: Mailer,
  ) {}

  /** An account that is gone meanwhile has nobody to tell. @throws PermanentError for an address that cannot be one */
  @JobHandler(SendAccountNotice)
  @NoAudit('what it tells of is recorded')
  async send({ notice, user_id }: { user_id: string; notice: AccountNotice }, run: JobRun): Promise<void> {
    const user = await this.users.byId(user_id);
    if (!user) return;
    await this.mailer.send({ to: user.email, template: ACCOUNT_NOTICE, data: { notice }, key: `${notice}:${run.id}` });
  }
}
