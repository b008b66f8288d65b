/**
 * A job whose process died is a suspect: it may be the one that kills. Suspects run one at a time in a process, and are
 * only taken when their turn has come, so that a killer takes no other suspect with it again and again until all are
 * dead letters.
 */
export class Quarantine {
  private isHeld = false;
  private readonly waiting: (() => void)[] = [];

  /** Take the place; false when another suspect has it. */
  tryEnter(): boolean {
    if (this.isHeld) return false;
    this.isHeld = true;
    return true;
  }

  /** Take the place, waiting for it at most `ms`; false when that was not enough. */
  async enterWithin(ms: number): Promise<boolean> {
    if (this.tryEnter()) return true;
    return new Promise((resolve) => {
      const turn = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        resolve(false);
      }, ms);
      this.waiting.push(turn);
    });
  }

  /** Give the place to the one who waited longest. */
  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.isHeld = false;
  }
}
