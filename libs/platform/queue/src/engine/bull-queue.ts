import { Queue, type QueueOptions } from 'bullmq';
import { QUEUE } from './carrier';
import { OutageLog } from './outage-log';

/** A queue of BullModule: of one that nobody listens to, BullMQ prints every error. */
export class BullQueue extends Queue {
  constructor(name: string, options?: QueueOptions) {
    super(name, options ?? { connection: {} });
    // The engine tells of our own, once it is there.
    if (name === QUEUE) this.on('error', () => undefined);
    else new OutageLog(name).follow(this);
  }
}
