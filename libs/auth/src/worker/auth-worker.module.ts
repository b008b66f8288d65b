import { Module } from '@nestjs/common';
import { AuthModule } from '../auth.module';
import { AuthListeners } from './auth.listeners';
import { AuthSchedule } from './auth.schedule';
import { SocialSchedule } from './social.schedule';

/** What the worker does for auth. */
@Module({ imports: [AuthModule], providers: [AuthSchedule, AuthListeners, SocialSchedule] })
export class AuthWorkerModule {}
