import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { MailModule } from '@platform/mail';
import { AuthModule } from '../auth.module';
import { AuthListeners } from './auth.listeners';
import { KeysSchedule } from './keys.schedule';
import { SendAccountNoticeHandler } from './send-account-notice.handler';
import { SendLinkMailsHandler } from './send-link-mails.handler';
import { SessionsSchedule } from './sessions.schedule';

/** What the worker does for auth. */
@Module({
  imports: [AuthModule, UsersModule, MailModule],
  providers: [SessionsSchedule, KeysSchedule, AuthListeners, SendLinkMailsHandler, SendAccountNoticeHandler],
})
export class AuthWorkerModule {}
