import { Module } from '@nestjs/common';
import { MailModule } from '@platform/mail';
import { RealtimeSenderModule } from '@platform/realtime';
import { UsersModule } from '../users.module';
import { AccountSockets } from './account-sockets';
import { EraseAccountHandler } from './erase-account.handler';
import { SendAddressProvedMailHandler } from './send-address-proved-mail.handler';
import { SendDeletionMailsHandler } from './send-deletion-mails.handler';
import { SendWelcomeMailHandler } from './send-welcome-mail.handler';
import { UsersSchedule } from './users.schedule';

/** What the worker does for users. */
@Module({
  imports: [UsersModule, MailModule, RealtimeSenderModule],
  providers: [
    ...[SendWelcomeMailHandler, SendAddressProvedMailHandler, SendDeletionMailsHandler],
    ...[EraseAccountHandler, UsersSchedule, AccountSockets],
  ],
})
export class UsersWorkerModule {}
