import { Log } from '@platform/observability';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Repeats a step with a pause that the step chooses, until it is stopped. Errors are logged once and waited out. */
export class Loop {
  private readonly log = Log.for('worker');
  private running?: Promise<void>;
  private stopping = false;
  private isWoken = false;
  private endRest?: () => void;
  private isWaitingOutTrouble = false;
  private failures = 0;

  /**
   * @param name for the log
   * @param step returns the pause until the next, milliseconds; 0: at once
   */
  constructor(
    private readonly name: string,
    private readonly step: () => Promise<number>,
  ) {}

  /** Begin. Call it outside of any request or job: every step runs in the context of this call. */
  start(): void {
    this.stopping = false;
    this.running ??= this.run();
  }

  /** End the pause, or the one that comes after the present step. */
  wake(): void {
    this.isWoken = true;
    // A wake-up must not turn the wait after a failure into a storm.
    if (!this.isWaitingOutTrouble) this.endRest?.();
  }

  /** Finish the present step and end. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.endRest?.();
    await this.running;
    this.running = undefined;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.isWoken = false;
      const pause = await this.attempt();
      if (pause > 0 && !this.isInterrupted()) await this.rest(pause);
      // A step that finds work at once, always, must not keep timers and sockets waiting.
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private isInterrupted(): boolean {
    return this.stopping || this.isWoken;
  }

  private async attempt(): Promise<number> {
    try {
      const pause = await this.step();
      if (this.failures > 0) this.log.info(`${this.name} works again`, { failures: this.failures });
      this.failures = 0;
      return pause;
    } catch (error) {
      this.failures += 1;
      if (this.failures === 1) this.log.error(`${this.name} failed; trying again until it works`, { error });
      await this.waitOut(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.failures - 1, 10)));
      return 0;
    }
  }

  private async waitOut(ms: number): Promise<void> {
    if (this.stopping) return;
    this.isWaitingOutTrouble = true;
    await this.rest(ms);
    this.isWaitingOutTrouble = false;
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      this.endRest = done;
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}
