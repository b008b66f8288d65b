import { Log } from '@platform/observability';

interface Failing {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Says once a minute that a queue of a domain cannot be reached: without a listener BullMQ prints every error. */
export class OutageLog {
  private static readonly QUIET_MS = 60_000;
  private readonly log = Log.for('queue');
  private saidAt = -Infinity;

  constructor(private readonly queue: string) {}

  /** Listen to a queue, a worker or a flow. */
  follow(failing: Failing): void {
    failing.on('error', (error) => {
      const now = performance.now();
      if (now - this.saidAt < OutageLog.QUIET_MS) return;
      this.saidAt = now;
      this.log.error(`Queue '${this.queue}' cannot be reached`, { error });
    });
  }
}
