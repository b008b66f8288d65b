import { Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import { HttpConfig } from '../http.config';
import { IdempotencySchedule } from './idempotency.schedule';

/** What the worker does for HTTP, whose settings stand in the same `.env`. Needs the security module beside it. */
@Module({ providers: [IdempotencySchedule] })
@Domain({ name: 'platform/http', settings: [HttpConfig] })
export class HttpWorkerModule {}
