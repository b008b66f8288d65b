import { Module } from '@nestjs/common';
import { MailModule } from '@platform/mail';
import { onceCommitted, RealtimeSenderModule } from '@platform/realtime';
import { UserErased } from '../contract';
import { UsersModule } from '../users.module';
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
    ...[EraseAccountHandler, UsersSchedule],
    // Here, because the worker is what erases.
    onceCommitted(UserErased, (realtime, { user_id }) => realtime.disconnectUser(user_id)),
  ],
})
export class UsersWorkerModule {}
