import { Module } from '@nestjs/common';
import { QueuePages } from './queue-pages';
import { QueuesController } from './queues.controller';

/** `/admin/queues`, for a process that knows browser sessions. */
@Module({ controllers: [QueuesController], providers: [QueuePages] })
export class QueuePagesModule {}
