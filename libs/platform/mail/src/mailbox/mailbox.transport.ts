import { Injectable } from '@nestjs/common';
import { MailTransport, type RenderedMail } from '../mail-transport';
import { Mailbox } from './mailbox';

/** Mail that stays in the application, where a developer reads it. */
@Injectable()
export class MailboxTransport extends MailTransport {
  readonly name = 'mailbox';

  constructor(private readonly mailbox: Mailbox) {
    super();
  }

  deliver(mail: RenderedMail): Promise<void> {
    return this.mailbox.keep(mail);
  }
}
