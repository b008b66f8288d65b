import { Module } from '@nestjs/common';
import { MailModule } from '@platform/mail';
import { UsersModule } from '../users.module';
import { SendWelcomeMailHandler } from './send-welcome-mail.handler';

/** What the worker does for users. */
@Module({ imports: [UsersModule, MailModule], providers: [SendWelcomeMailHandler] })
export class UsersWorkerModule {}
