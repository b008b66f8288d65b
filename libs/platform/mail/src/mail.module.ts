import { Module } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Domain } from '@platform/kernel';
import { MailConfig } from './mail.config';
import { CreateMailboxMessages1767225600300 } from './mailbox/create-mailbox-messages.migration';
import { Mailbox } from './mailbox/mailbox';
import { MailboxMessage } from './mailbox/mailbox-message.entity';
import { MailboxTransport } from './mailbox/mailbox.transport';
import { Mailer, MailTransports } from './mailer';
import { ConsoleTransport } from './transports/console.transport';

/** Mail for the domains that send it. */
@Module({
  providers: [
    Mailbox,
    MailboxTransport,
    ConsoleTransport,
    {
      provide: MailTransports,
      inject: [CoreConfig, ConsoleTransport, MailboxTransport],
      // The inbox first: the line that tells of a message appears when the message can be read.
      useFactory: (core: CoreConfig, console: ConsoleTransport, mailbox: MailboxTransport) =>
        new MailTransports(core.isLocal ? [mailbox, console] : [console]),
    },
    Mailer,
  ],
  exports: [Mailer, Mailbox],
})
@Domain({
  name: 'platform/mail',
  entities: [MailboxMessage],
  migrations: [CreateMailboxMessages1767225600300],
  settings: [MailConfig],
})
export class MailModule {}
