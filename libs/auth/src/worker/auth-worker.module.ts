import { Module } from '@nestjs/common';
import { AuthModule } from '../auth.module';
import { AuthListeners } from './auth.listeners';
import { AuthSchedule } from './auth.schedule';

/** What the worker does for auth. */
@Module({ imports: [AuthModule], providers: [AuthSchedule, AuthListeners] })
export class AuthWorkerModule {}
