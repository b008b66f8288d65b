import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';
import { Ids } from '@platform/kernel';
import { type NewJob, type StoredContext } from './ledger/job-record';
import { JobRepository } from './ledger/job.repository';
import { contextToStore } from './stored-context';
import { WakeUp } from './wake-up';

/** A row as its writer knows it; id and, unless given, the context of the running work are added. */
export type Message = Omit<NewJob, 'id' | 'context'> & { context?: StoredContext };

/** Writes rows of the ledger in the running transaction: they exist if and only if it commits. */
@Injectable()
export class Outbox {
  constructor(
    private readonly repository: JobRepository,
    private readonly database: Database,
    private readonly wakeUp: WakeUp,
    private readonly ids: Ids,
  ) {}

  /**
   * Write one row; the worker of this process hears of it after the commit, and so does `onCommitted`.
   * @returns its id, or null when a row of its name and key is there
   */
  write(message: Message, onCommitted?: () => void): Promise<string | null> {
    const row: NewJob = { ...message, id: this.ids.next(), context: message.context ?? contextToStore(this.ids) };
    // Inside a unit of work this begins its transaction: work that fails later takes the row with it.
    return this.database.transaction(async () => {
      if (!(await this.repository.insert(row))) return null;
      this.database.afterCommit(() => {
        this.wakeUp.wake();
        onCommitted?.();
      });
      return row.id;
    });
  }
}
