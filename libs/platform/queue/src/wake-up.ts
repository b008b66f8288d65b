import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';

/** Tells the worker of this process, if there is one, that rows were committed: milliseconds instead of a poll. */
@Injectable()
export class WakeUp {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly database: Database) {}

  /** Call `listener` at each ring; returns how to stop that. */
  onRing(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ring now. */
  ring(): void {
    for (const listener of this.listeners) listener();
  }

  /** Ring once the running transaction has committed. */
  ringAfterCommit(): void {
    this.database.afterCommit(() => this.ring());
  }
}
