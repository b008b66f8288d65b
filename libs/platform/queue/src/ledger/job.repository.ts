import { Injectable } from '@nestjs/common';
import { fromJson, repositoryOf, type Statement } from '@platform/database';
import { type Json, type Page, type PageQuery } from '@platform/kernel';
import { Job } from '../entities/job.entity';
import { type ClaimedJob, type JobKind, type JobState, type NewJob } from './job-record';
import * as sql from './job.statements';

/** A worker process may go silent with a job this often before the job itself is suspected of killing it. */
export const MAX_CRASHES = 3;

const HOUR_MS = 3_600_000;
const SILENT = 'The process that ran it ended or stopped answering';

interface ClaimedRow {
  id: string;
  kind: JobKind;
  name: string;
  payload: unknown;
  context: unknown;
  attempts: number;
  max_attempts: number;
  crashes: number;
  claims: number;
}

/** Which rows of the ledger. */
export interface JobFilter {
  state?: JobState;
  kind?: JobKind;
  name?: string;
}

/** A row that was taken from a silent worker. */
export interface TakenOver {
  id: string;
  name: string;
  state: JobState;
  crashes: number;
}

/** The rows of the ledger: every change of a row's state is one conditional statement. */
@Injectable()
export class JobRepository extends repositoryOf(Job) {
  private readonly any = this.rows('TRUE');
  private readonly newest = this.any
    .filteredBy({ state: 'state = :state', kind: 'kind = :kind', name: 'name = :name' })
    .orderedBy('created_at DESC');

  /** Rows that match, newest first. */
  page(filter: JobFilter, page: PageQuery): Promise<Page<Job>> {
    return this.newest.page({}, { ...filter, ...page });
  }

  /** @throws NotFound */
  mustFind(id: string): Promise<Job> {
    return this.any.mustFind({ id });
  }

  /** Write a row in the running transaction; false when name and key are taken. */
  async insert(job: NewJob): Promise<boolean> {
    return (await this.database.execute(sql.INSERT, { ...job })) === 1;
  }

  /** Take at most `limit` due rows for `leaseMs`: either those whose process died (`suspects`) or the others. */
  claimDue(worker: string, leaseMs: number, limit: number, suspects: boolean): Promise<ClaimedJob[]> {
    return this.claimed(sql.CLAIM_DUE, { worker, lease: leaseMs, limit, suspects: suspects ? 1 : 0 });
  }

  /** Take one row that an engine delivered for that turn (its `claims`); undefined when another worker has it by now. */
  async claimOne(id: string, turn: number, worker: string, leaseMs: number): Promise<ClaimedJob | undefined> {
    return (await this.claimed(sql.CLAIM_ONE, { id, turn, worker, lease: leaseMs }))[0];
  }

  /** Reserve at most `limit` due rows for an engine. */
  dispatchDue(limit: number): Promise<ClaimedJob[]> {
    return this.claimed(sql.DISPATCH_DUE, { limit });
  }

  /** Rows that an engine got more than `timeoutMs` ago and has not begun; the time starts anew. */
  dispatchAgain(timeoutMs: number, limit: number): Promise<ClaimedJob[]> {
    return this.claimed(sql.DISPATCH_AGAIN, { timeout: timeoutMs, limit });
  }

  /** Return every row that an engine of an earlier configuration still has. */
  takeBackDispatched(timeoutMs: number): Promise<number> {
    return this.database.execute(sql.TAKE_BACK_DISPATCHED, { timeout: timeoutMs });
  }

  /** Return rows that could not be handed over. */
  undoDispatch(ids: readonly string[]): Promise<number> {
    return this.database.execute(sql.UNDO_DISPATCH, { ids });
  }

  /** Prolong the leases of `ids`; returns how many are still this worker's. */
  renew(ids: readonly string[], worker: string, leaseMs: number): Promise<number> {
    return this.database.execute(sql.RENEW, { ids, worker, lease: leaseMs });
  }

  /** Mark the row done in the running transaction; false when another worker has it by now. */
  async finish(job: ClaimedJob, result: Json | null): Promise<boolean> {
    const text = result === null ? null : JSON.stringify(result);
    return (await this.database.execute(sql.FINISH, { id: job.id, claims: job.claims, result: text })) === 1;
  }

  /** Count a failed attempt and try again after `delayMs`. */
  async retry(job: ClaimedJob, delayMs: number, error: string): Promise<boolean> {
    return (await this.database.execute(sql.RETRY, { id: job.id, claims: job.claims, delay: delayMs, error })) === 1;
  }

  /** Count a failed attempt, the last. */
  async bury(job: ClaimedJob, error: string): Promise<boolean> {
    return (await this.database.execute(sql.BURY, { id: job.id, claims: job.claims, error })) === 1;
  }

  /** Put a claimed row back without counting an attempt. */
  async release(job: ClaimedJob, delayMs: number): Promise<boolean> {
    return (await this.database.execute(sql.RELEASE, { id: job.id, claims: job.claims, delay: delayMs })) === 1;
  }

  /** Mark an event as fanned out in the running transaction; false when another process did it. */
  async fannedOut(event: ClaimedJob): Promise<boolean> {
    return (await this.database.execute(sql.FANNED_OUT, { id: event.id, claims: event.claims })) === 1;
  }

  /** Take rows from workers whose lease ended. */
  takeOverSilent(): Promise<TakenOver[]> {
    return this.database.query<TakenOver>(sql.TAKE_OVER, { limit: MAX_CRASHES, error: SILENT });
  }

  /** Delete at most `limit` rows that ended in `state` more than `ageMs` ago. */
  purge(state: 'done' | 'dead', ageMs: number, limit: number): Promise<number> {
    return this.database.execute(sql.PURGE, { state, age: ageMs, tickAge: HOUR_MS, limit });
  }

  private async claimed(statement: Statement, parameters: Record<string, unknown>): Promise<ClaimedJob[]> {
    const rows = await this.database.query<ClaimedRow>(statement, parameters);
    // RETURNING keeps no order; ids are ordered by time.
    return rows.map(toClaimed).sort((left, right) => (left.id < right.id ? -1 : 1));
  }
}

function toClaimed(row: ClaimedRow): ClaimedJob {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    payload: fromJson(row.payload),
    context: fromJson(row.context),
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    crashes: row.crashes,
    claims: row.claims,
  };
}
