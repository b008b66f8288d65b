import { BullRegistrar } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { Carrier, type CarrierQueue, type CarrierWorker, type HandOver } from './carrier';
import { DomainQueues } from './domain-queues';
import { JobsConnection } from './jobs-connection';
import { OwnQueue } from './own-queue';

/** BullModule, as the engine uses it. */
@Injectable()
export class BullCarrier extends Carrier {
  readonly queue: CarrierQueue;
  private worker?: CarrierWorker;

  constructor(
    private readonly connection: JobsConnection,
    private readonly own: OwnQueue,
    private readonly registrar: BullRegistrar,
    private readonly others: DomainQueues,
  ) {
    super();
    this.queue = own.queue;
  }

  get name(): string {
    return this.connection.name;
  }

  refusalOf(error: unknown): string | undefined {
    return this.connection.refusalOf(error);
  }

  startWorkers(take: (handOver: HandOver) => Promise<void>): CarrierWorker {
    // A second call would make a second set of workers.
    if (this.worker) throw new Error('The workers have been started before');
    this.own.host.take = take;
    this.registrar.register();
    // BullModule makes them of the class that it was given.
    this.worker = this.own.host.worker as unknown as CarrierWorker;
    return this.worker;
  }

  async pauseWorkers(): Promise<void> {
    await Promise.all(this.workers().map((worker) => worker.pause(true)));
  }

  async resumeWorkers(): Promise<void> {
    await Promise.all(this.workers().map((worker) => worker.resume()));
  }

  private workers(): Pick<CarrierWorker, 'pause' | 'resume'>[] {
    return this.worker ? [this.worker, ...this.others.workers()] : [];
  }
}
