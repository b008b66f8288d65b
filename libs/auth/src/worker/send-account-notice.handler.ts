import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { NoAudit } from '@platform/audit';
import { Clock } from '@platform/kernel';
import { Mailer } from '@platform/mail';
import { JobHandler, type JobRun } from '@platform/queue';
import { ApiKeyRepository } from '../api-keys/api-key.repository';
import { SendAccountNotice } from '../contract';
import { ACCOUNT_NOTICE } from './account-notice.mails';

/** Tells a person what happened to their account. */
@Injectable()
export class SendAccountNoticeHandler {
  constructor(
    private readonly users: UserDirectory,
    private readonly keys: ApiKeyRepository,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  /** An account that is gone meanwhile has nobody to tell. @throws PermanentError for an address that cannot be one */
  @JobHandler(SendAccountNotice)
  @NoAudit('what it tells of is recorded')
  async send(
    { api_keys_ended = 0, notice, user_id }: NonNullable<(typeof SendAccountNotice)['payload']>,
    run: JobRun,
  ): Promise<void> {
    const user = await this.users.byId(user_id);
    if (!user) return;
    const living = notice === 'password_changed' ? await this.keys.livingOf(user_id, this.clock.now()) : [];
    await this.mailer.send({
      to: user.email,
      template: ACCOUNT_NOTICE,
      data: { notice, livingKeys: living, endedKeys: api_keys_ended },
      key: `${notice}:${run.id}`,
    });
  }
}
