import { type Queue } from 'bullmq';
import { type JobsHost } from './jobs-host';

/** The queue that the ledger's rows travel by, and what works on it; bound where the process works. */
export class OwnQueue {
  constructor(
    readonly queue: Queue,
    readonly host: JobsHost,
  ) {}
}
