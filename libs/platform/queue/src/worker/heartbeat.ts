import { Injectable } from '@nestjs/common';
import { JobRepository } from '../ledger/job.repository';
import { QueueConfig } from '../queue.config';
import { Loop } from './loop';
import { Runner } from './runner';
import { WorkerIdentity } from './worker-identity';

/** Keeps the leases of what this process works on: four times as often as they end. */
@Injectable()
export class Heartbeat {
  private readonly loop = new Loop('The heartbeat of jobs', () => this.beat());

  constructor(
    private readonly runner: Runner,
    private readonly repository: JobRepository,
    private readonly config: QueueConfig,
    private readonly identity: WorkerIdentity,
  ) {}

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async beat(): Promise<number> {
    const ids = this.runner.ids();
    if (ids.length > 0) await this.repository.renew(ids, this.identity.id, this.config.leaseMs);
    return this.config.leaseMs / 4;
  }
}
