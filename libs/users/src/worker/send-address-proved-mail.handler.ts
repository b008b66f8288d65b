import { Injectable } from '@nestjs/common';
import { NoAudit } from '@platform/audit';
import { Mailer } from '@platform/mail';
import { JobHandler } from '@platform/queue';
import { SendAddressProvedMail } from '../contract';
import { UserDirectory } from '../user.directory';
import { ADDRESS_PROVED } from './address-proved.mail';

/** Tells people what ended when they proved their address. */
@Injectable()
export class SendAddressProvedMailHandler {
  constructor(
    private readonly users: UserDirectory,
    private readonly mailer: Mailer,
  ) {}

  /** An account that is gone meanwhile has nobody to tell. @throws PermanentError for an address that cannot be one */
  @JobHandler(SendAddressProvedMail)
  @NoAudit('the proof is recorded, with what ended')
  async send({ ended, user_id }: NonNullable<(typeof SendAddressProvedMail)['payload']>): Promise<void> {
    const user = await this.users.byId(user_id);
    if (!user) return;
    await this.mailer.send({
      to: user.email,
      template: ADDRESS_PROVED,
      data: { ended },
      key: `address_proved:${user.id}`,
    });
  }
}
