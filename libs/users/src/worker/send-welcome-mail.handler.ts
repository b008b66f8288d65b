import { Injectable } from '@nestjs/common';
import { NoAudit } from '@platform/audit';
import { Mailer } from '@platform/mail';
import { JobHandler } from '@platform/queue';
import { SendWelcomeMail } from '../contract';
import { isPlaceholderAddress } from '../placeholder-address';
import { UserDirectory } from '../user.directory';
import { WELCOME } from './welcome.mail';

/** Sends the mail that greets a new user. */
@Injectable()
export class SendWelcomeMailHandler {
  constructor(
    private readonly users: UserDirectory,
    private readonly mailer: Mailer,
  ) {}

  /** An account that is gone meanwhile, or without an address, needs no greeting. @throws PermanentError for an address that cannot be one */
  @JobHandler(SendWelcomeMail)
  @NoAudit('the registration that asks for it is recorded')
  async send({ user_id }: { user_id: string }): Promise<void> {
    const user = await this.users.byId(user_id);
    if (!user || isPlaceholderAddress(user.email)) return;
    await this.mailer.send({
      to: user.email,
      template: WELCOME,
      data: { name: user.fullName },
      key: `welcome:${user.id}`,
    });
  }
}
