import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Log } from '@platform/observability';
import { MailTransport, type RenderedMail } from '../mail-transport';
import { maskAddress } from './mask-address';

const SHOWN_CHARACTERS = 500;

/** Mail that goes to the log: readable in `local`, without anything personal or secret elsewhere. */
@Injectable()
export class ConsoleTransport extends MailTransport {
  readonly name = 'console';
  private readonly log = Log.for('mail');

  constructor(private readonly core: CoreConfig) {
    super();
  }

  async deliver(mail: RenderedMail): Promise<void> {
    if (!this.core.isLocal) {
      // The text may hold a link that signs somebody in, the subject a name.
      this.log.info('Mail written to the log only', {
        mail: mail.id,
        template: mail.template,
        to: maskAddress(mail.to),
      });
      return;
    }
    this.log.info(`Mail to ${mail.to}: ${mail.subject}`, {
      mail: mail.id,
      from: mail.from,
      template: mail.template,
      text: mail.text.slice(0, SHOWN_CHARACTERS),
    });
  }
}
