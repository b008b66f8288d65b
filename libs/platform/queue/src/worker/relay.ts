import { Injectable } from '@nestjs/common';
import { Engine } from '../engine/engine';
import { QueueConfig } from '../queue.config';
import { WakeUp } from '../wake-up';
import { Loop } from './loop';

/** Moves committed rows that are due: at once when this process wrote them, else at the next poll. */
@Injectable()
export class Relay {
  private readonly loop = new Loop('The relay of jobs', () => this.advance());
  private stopListening?: () => void;

  constructor(
    private readonly engine: Engine,
    private readonly config: QueueConfig,
    private readonly wakeUp: WakeUp,
  ) {}

  start(): void {
    this.stopListening ??= this.wakeUp.onWake(() => this.loop.wake());
    this.loop.start();
  }

  async stop(): Promise<void> {
    this.stopListening?.();
    this.stopListening = undefined;
    await this.loop.stop();
  }

  private async advance(): Promise<number> {
    return (await this.engine.advance()) > 0 ? 0 : this.config.pollMs;
  }
}
