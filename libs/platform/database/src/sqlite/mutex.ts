/** Lets one holder through at a time, in the order of arrival. */
export class Mutex {
  private readonly queue: (() => void)[] = [];
  private held = false;

  /** How many wait. */
  get waiting(): number {
    return this.queue.length;
  }

  /**
   * Wait for the turn; the holder must call {@link leave}.
   * @throws Error after `timeoutMs`: somebody holds the database and waits for something else.
   */
  acquire(timeoutMs: number): Promise<void> | undefined {
    if (!this.held) {
      this.held = true;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(turn), 1);
        reject(new Error(`waited ${timeoutMs} ms for the embedded database: a transaction stays open too long`));
      }, timeoutMs);
      this.queue.push(turn);
    });
  }

  /** Pass the turn on. */
  release(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.held = false;
  }
}
