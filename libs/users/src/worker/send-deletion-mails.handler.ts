import { Injectable } from '@nestjs/common';
import { NoAudit } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { Mailer } from '@platform/mail';
import { JobHandler } from '@platform/queue';
import { SendAccountDeletedMail, SendDeletionMail } from '../contract';
import { AccountDeletionRepository } from '../deletions/account-deletion.repository';
import { UserRepository } from '../user.repository';
import { ACCOUNT_DELETION_PAGE } from '../users.pages';
import { ACCOUNT_DELETED, DELETION_BLOCKED, DELETION_REQUESTED } from './deletion.mails';

/** Writes to people about the deletion of their accounts. */
@Injectable()
export class SendDeletionMailsHandler {
  constructor(
    private readonly deletions: AccountDeletionRepository,
    private readonly users: UserRepository,
    private readonly mailer: Mailer,
    private readonly core: CoreConfig,
  ) {}

  /** A wish that was taken back or met meanwhile needs no mail. @throws PermanentError for an address that cannot be one */
  @JobHandler(SendDeletionMail)
  @NoAudit('the request that asks for it is recorded')
  async tell({ deletion_id, obstacles, occasion }: NonNullable<(typeof SendDeletionMail)['payload']>): Promise<void> {
    const deletion = await this.deletions.findById(deletion_id);
    const user = deletion && !deletion.erasedAt ? await this.users.findById(deletion.userId) : null;
    if (!deletion || !user) return;
    const message = { to: user.email, key: `deletion_${occasion}:${deletion.id}` };
    const link = this.core.linkTo(ACCOUNT_DELETION_PAGE, { id: deletion.id });
    if (occasion === 'requested') {
      await this.mailer.send({ ...message, template: DELETION_REQUESTED, data: { dueAt: deletion.dueAt, link } });
      return;
    }
    await this.mailer.send({ ...message, template: DELETION_BLOCKED, data: { obstacles, link } });
  }

  /** @throws PermanentError for an address that cannot be one */
  @JobHandler(SendAccountDeletedMail)
  @NoAudit('the erasure that asks for it is recorded')
  async confirm({ deletion_id, email }: { deletion_id: string; email: string }): Promise<void> {
    await this.mailer.send({ to: email, template: ACCOUNT_DELETED, data: {}, key: `account_deleted:${deletion_id}` });
  }
}
