/**
 * A job whose process died is a suspect: it may be the one that kills. Suspects run one at a time in a process, so that
 * a killer takes no other suspect with it again and again until all are dead letters.
 */
export class Quarantine {
  private holder = false;
  private readonly waiting: (() => void)[] = [];

  /** Whether a suspect may begin. */
  get free(): boolean {
    return !this.holder;
  }

  /** Begin with a suspect; false when another one runs. */
  tryEnter(): boolean {
    if (this.holder) return false;
    this.holder = true;
    return true;
  }

  /** The suspect ended. */
  leave(): void {
    this.holder = false;
    this.waiting.shift()?.();
  }

  /** Wait at most `ms` until {@link tryEnter} may succeed. */
  async freeWithin(ms: number): Promise<void> {
    if (this.free) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
