import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type CronExpression, CronExpressionParser } from 'cron-parser';
import { Outbox } from '../outbox';
import { type Handler } from './handler';
import { HandlerRegistry } from './handler-registry';
import { Loop } from './loop';

/** Longest pause: bounds what a clock that is set back, or a machine that slept, can do. */
const LONGEST_PAUSE_MS = 1_000;
/** Ticks missed by more than this (the machine slept) are skipped but for the last. */
const CATCH_UP_MS = 300_000;

interface Schedule {
  readonly handler: Handler;
  readonly expression: CronExpression;
  next: Date;
}

/**
 * Writes one row per tick. Every worker does: the key, name and instant, lets one through per cluster. What fell due
 * while no worker ran is not made up for.
 */
@Injectable()
export class Scheduler {
  private readonly log = Log.for('worker');
  private readonly loop = new Loop('The scheduler', () => this.step());
  private schedules: Schedule[] = [];

  constructor(
    private readonly handlers: HandlerRegistry,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Begin with the first tick after now. */
  start(): void {
    this.schedules = this.handlers.all().flatMap((handler) => this.scheduleOf(handler));
    if (this.schedules.length > 0) this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private scheduleOf(handler: Handler): Schedule[] {
    if (handler.rule.kind !== 'cron') return [];
    const expression = CronExpressionParser.parse(handler.rule.expression, {
      tz: 'UTC',
      currentDate: this.clock.now(),
    });
    return [{ handler, expression, next: expression.next().toDate() }];
  }

  private async step(): Promise<number> {
    for (const schedule of this.schedules) await this.writeDue(schedule);
    const earliest = Math.min(...this.schedules.map(({ next }) => next.getTime()));
    return Math.min(LONGEST_PAUSE_MS, Math.max(1, earliest - this.clock.now().getTime()));
  }

  private async writeDue(schedule: Schedule): Promise<void> {
    const now = this.clock.now();
    if (now.getTime() - schedule.next.getTime() > CATCH_UP_MS) {
      this.log.warn('Ticks were missed while this process slept', { schedule: schedule.handler.name });
      schedule.expression.reset(now);
      schedule.next = schedule.expression.prev().toDate();
    }
    while (schedule.next <= now) {
      // Only when the row is there is the tick done with: a database that is away delays it.
      await this.write(schedule.handler, schedule.next);
      schedule.next = schedule.expression.next().toDate();
    }
  }

  private async write(handler: Handler, tick: Date): Promise<void> {
    const instant = tick.toISOString();
    await this.outbox.write({
      kind: 'cron',
      name: handler.name,
      key: `${handler.name}:${instant}`,
      payload: { scheduled_for: instant },
      maxAttempts: handler.attempts,
      delayMs: 0,
    });
  }
}
