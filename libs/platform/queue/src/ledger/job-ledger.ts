import { Injectable } from '@nestjs/common';
import { Database, fromJson, type Statement, statement, toDate } from '@platform/database';
import { Conflict, type Json, type JsonObject, NotFound, type OffsetPage } from '@platform/kernel';
import { WakeUp } from '../wake-up';
import { JOB_STATES, type JobKind, type JobRecord, type JobState, type StoredContext } from './job-record';
import { timedStatement } from './portable-time';

const COLUMNS = `id, kind, name, key, payload, context, state, attempts, max_attempts, crashes, claims, run_at, locked_by,
  started_at, finished_at, last_error, result, created_at`;

// NULL leaves a filter out; the casts tell PostgreSQL the type of a parameter that is only compared with NULL.
const FILTER = `(CAST(:state AS varchar) IS NULL OR state = :state) AND (CAST(:name AS varchar) IS NULL OR name = :name)
  AND (CAST(:kind AS varchar) IS NULL OR kind = :kind)`;

const LIST = statement(
  'queue.list',
  `SELECT ${COLUMNS} FROM jobs WHERE ${FILTER} ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :skip`,
);
const COUNT = statement('queue.count', `SELECT COUNT(*) AS total FROM jobs WHERE ${FILTER}`);
const FIND = statement('queue.find', `SELECT ${COLUMNS} FROM jobs WHERE id = :id`);
const COUNTS = statement('queue.counts', 'SELECT state, COUNT(*) AS total FROM jobs GROUP BY state');
const WAITING = timedStatement(
  'queue.waiting',
  "SELECT COUNT(*) AS total FROM jobs WHERE state IN ('pending', 'dispatched') AND run_at <= {now}",
);

const REVIVED = `state = 'pending', attempts = 0, crashes = 0, claims = claims + 1, run_at = {now}, finished_at = NULL`;
const REDRIVE = timedStatement('queue.redrive', `UPDATE jobs SET ${REVIVED} WHERE id = :id AND state = 'dead'`);
const REDRIVE_ALL = timedStatement(
  'queue.redrive_all',
  `UPDATE jobs SET ${REVIVED} WHERE state = 'dead' AND (CAST(:name AS varchar) IS NULL OR name = :name)`,
);

/** Which rows of the ledger. */
export interface JobFilter {
  state?: JobState;
  kind?: JobKind;
  name?: string;
}

interface JobRow {
  id: string;
  kind: JobKind;
  name: string;
  key: string | null;
  payload: unknown;
  context: unknown;
  state: JobState;
  attempts: number;
  max_attempts: number;
  crashes: number;
  claims: number;
  run_at: Date | string;
  locked_by: string | null;
  started_at: Date | string | null;
  finished_at: Date | string | null;
  last_error: string | null;
  result: unknown;
  created_at: Date | string;
}

/** The ledger for operators: `omni jobs`, the admin routes. Payloads may hold personal data: mask before you print. */
@Injectable()
export class JobLedger {
  constructor(
    private readonly database: Database,
    private readonly wakeUp: WakeUp,
  ) {}

  /** Rows that match, newest first, with the number of all. */
  async list(filter: JobFilter, page: { skip: number; limit: number }): Promise<OffsetPage<JobRecord>> {
    const parameters = { state: filter.state ?? null, name: filter.name ?? null, kind: filter.kind ?? null };
    const total = await this.number(COUNT, parameters);
    const rows = await this.database.query<JobRow>(LIST, { ...parameters, ...page });
    return { items: rows.map(toRecord), total, ...page };
  }

  /** How many rows stand in each state. */
  async counts(): Promise<Record<JobState, number>> {
    const rows = await this.database.query<{ state: JobState; total: number | string }>(COUNTS);
    const found = new Map(rows.map((row) => [row.state, Number(row.total)]));
    // Built from the complete list of states.
    return Object.fromEntries(JOB_STATES.map((state) => [state, found.get(state) ?? 0])) as Record<JobState, number>;
  }

  /** How many rows are due and not begun. */
  waiting(): Promise<number> {
    return this.number(WAITING, {});
  }

  /** @throws NotFound when there is no such row (any more). */
  async find(id: string): Promise<JobRecord> {
    const row = isUuid(id) ? (await this.database.query<JobRow>(FIND, { id }))[0] : undefined;
    if (!row) throw new NotFound('Job', id);
    return toRecord(row);
  }

  /**
   * Give one dead letter all its attempts again, now.
   * @throws NotFound when there is no such row; Conflict when it is not dead.
   */
  async redrive(id: string): Promise<void> {
    const job = await this.find(id);
    if ((await this.database.execute(REDRIVE, { id })) === 0) {
      throw new Conflict(`Job ${id} is ${job.state}: only dead jobs are redriven`, 'Job');
    }
    this.wakeUp.wakeAfterCommit();
  }

  /** Give every dead letter (of that name) all its attempts again; returns how many there were. */
  async redriveAll(name?: string): Promise<number> {
    const redriven = await this.database.execute(REDRIVE_ALL, { name: name ?? null });
    if (redriven > 0) this.wakeUp.wakeAfterCommit();
    return redriven;
  }

  private async number(query: Statement, parameters: Record<string, unknown>): Promise<number> {
    const [row] = await this.database.query<{ total: number | string }>(query, parameters);
    return Number(row?.total ?? 0);
  }
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function toRecord(row: JobRow): JobRecord {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    key: row.key,
    payload: fromJson<JsonObject>(row.payload),
    context: fromJson<StoredContext>(row.context),
    state: row.state,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    crashes: row.crashes,
    claims: row.claims,
    runAt: toDate(row.run_at),
    lockedBy: row.locked_by,
    startedAt: row.started_at === null ? null : toDate(row.started_at),
    finishedAt: row.finished_at === null ? null : toDate(row.finished_at),
    lastError: row.last_error,
    // SQLite gives JSON as text, PostgreSQL the value, which may itself be a text.
    result: typeof row.result === 'string' ? parsed(row.result) : (row.result as Json | null),
    createdAt: toDate(row.created_at),
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
