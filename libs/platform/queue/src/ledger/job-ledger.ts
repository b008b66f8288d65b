import { Injectable } from '@nestjs/common';
import { Database, statement } from '@platform/database';
import { Conflict, NotFound, type Page, type PageQuery } from '@platform/kernel';
import { WakeUp } from '../wake-up';
import { JOB_STATES, type JobRecord, type JobState } from './job-record';
import { type JobFilter, JobRepository } from './job.repository';
import { timedStatement } from './portable-time';

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

/** The ledger for operators: `omni jobs`, the admin routes. Payloads may hold personal data: mask before you print. */
@Injectable()
export class JobLedger {
  constructor(
    private readonly jobs: JobRepository,
    private readonly database: Database,
    private readonly wakeUp: WakeUp,
  ) {}

  /** Rows that match, newest first, with the number of all. */
  list(filter: JobFilter, page: PageQuery): Promise<Page<JobRecord>> {
    return this.jobs.page(filter, page);
  }

  /** How many rows stand in each state. */
  async counts(): Promise<Record<JobState, number>> {
    const rows = await this.database.query<{ state: JobState; total: number | string }>(COUNTS);
    const found = new Map(rows.map((row) => [row.state, Number(row.total)]));
    // Built from the complete list of states.
    return Object.fromEntries(JOB_STATES.map((state) => [state, found.get(state) ?? 0])) as Record<JobState, number>;
  }

  /** How many rows are due and not begun. */
  async waiting(): Promise<number> {
    const [row] = await this.database.query<{ total: number | string }>(WAITING);
    return Number(row?.total ?? 0);
  }

  /** @throws NotFound when there is no such row (any more). */
  async find(id: string): Promise<JobRecord> {
    if (!isUuid(id)) throw new NotFound('Job', id);
    return this.jobs.mustFind(id);
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
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
