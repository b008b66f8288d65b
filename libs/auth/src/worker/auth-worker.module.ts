import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { MailModule } from '@platform/mail';
import { AuthModule } from '../auth.module';
import { AuthListeners } from './auth.listeners';
import { AuthSchedule } from './auth.schedule';
import { SocialSchedule } from './social.schedule';

/** What the worker does for auth. */
@Module({ imports: [AuthModule], providers: [AuthSchedule, AuthListeners, SocialSchedule] })
import { SendAccountNoticeHandler } from './send-account-notice.handler';
import { SendLinkMailsHandler } from './send-link-mails.handler';

/** What the worker does for auth. */
@Module({
  imports: [AuthModule, UsersModule, MailModule],
  providers: [AuthSchedule, AuthListeners, SendLinkMailsHandler, SendAccountNoticeHandler],
})
export class AuthWorkerModule {}
