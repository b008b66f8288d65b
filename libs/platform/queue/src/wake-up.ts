import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';

/** Tells the worker of this process, if there is one, that rows were committed: milliseconds instead of a poll. */
@Injectable()
export class WakeUp {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly database: Database) {}

  /** Call `listener` whenever rows were committed; returns how to stop that. */
  onWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tell them now. */
  wake(): void {
    for (const listener of this.listeners) listener();
  }

  /** Tell them once the running transaction has committed. */
  wakeAfterCommit(): void {
    this.database.afterCommit(() => this.wake());
  }
}
