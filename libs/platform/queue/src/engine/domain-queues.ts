import { EventEmitter } from 'node:events';
import { WorkerHost } from '@nestjs/bullmq';
import { Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { BootRefused } from '@platform/kernel';
import { Queue } from 'bullmq';
import { BullQueue } from './bull-queue';
import { bullUsesIn } from './bull-uses';
import { type CarrierWorker, QUEUE } from './carrier';
import { OwnQueue } from './own-queue';
import { OutageLog } from './outage-log';

/** The queues that domains registered with BullModule beside ours: on the same connection, started and stopped with it. */
@Injectable()
export class DomainQueues implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    @Optional() private readonly ours?: OwnQueue,
  ) {}

  /** @throws BootRefused naming each use of BullModule that would not work here, with the fix */
  onModuleInit(): void {
    const { queues, processors } = bullUsesIn(this.discovery);
    const ofDomains = queues.filter(({ instance }) => instance !== this.ours?.queue);
    const problems = [
      ...ofDomains
        .filter(({ name }) => name === QUEUE)
        .map(({ what }) => `${what}: the platform's own jobs go by this name; choose another`),
      ...processors
        .filter(({ instance }) => instance !== this.ours?.host)
        .flatMap(({ instance, what }) => this.problemsOf(instance, what)),
    ];
    if (problems.length > 0) throw new BootRefused(problems);
    for (const { instance, name } of ofDomains) {
      // A module that was loaded before ours has BullMQ's own class.
      if (instance instanceof EventEmitter && !(instance instanceof BullQueue)) new OutageLog(name).follow(instance);
    }
  }

  /** Those that work, once they were started. */
  workers(): Pick<CarrierWorker, 'pause' | 'resume'>[] {
    return bullUsesIn(this.discovery).processors.flatMap(({ instance }) =>
      instance instanceof WorkerHost && instance !== this.ours?.host ? [instance.worker] : [],
    );
  }

  /** Every queue that this process has, ours too where it works. */
  queues(): Queue[] {
    return bullUsesIn(this.discovery).queues.flatMap(({ instance }) => (instance instanceof Queue ? [instance] : []));
  }

  private problemsOf(instance: object | undefined, what: string): string[] {
    if (!(instance instanceof WorkerHost)) return [`${what} does nothing: let its class extend WorkerHost`];
    if (this.ours) return [];
    return [`${what}: this process works on no jobs; provide it in the worker module of its domain (src/worker/)`];
  }
}
