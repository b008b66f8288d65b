import { Module } from '@nestjs/common';
import { IdempotencySchedule } from './idempotency.schedule';

/** What the worker does for the HTTP side. Needs the security module beside it. */
@Module({ providers: [IdempotencySchedule] })
export class HttpWorkerModule {}
