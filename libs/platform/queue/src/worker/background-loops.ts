import { Injectable } from '@nestjs/common';
import { Housekeeping } from './housekeeping';
import { Relay } from './relay';
import { Scheduler } from './scheduler';

/** Everything that begins work by itself; it starts and stops together. */
@Injectable()
export class BackgroundLoops {
  constructor(
    private readonly relay: Relay,
    private readonly scheduler: Scheduler,
    private readonly housekeeping: Housekeeping,
  ) {}

  start(): void {
    this.relay.start();
    this.scheduler.start();
    this.housekeeping.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.relay.stop(), this.scheduler.stop(), this.housekeeping.stop()]);
  }
}
