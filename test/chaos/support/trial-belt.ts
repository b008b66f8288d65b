import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AuditModule } from '@platform/audit';
import { type Database, DatabaseModule, statement } from '@platform/database';
import { declarationOf, type DomainDeclaration } from '@platform/kernel';
import { QueueModule } from '@platform/queue';
import { Redis } from 'ioredis';
import { v7 } from 'uuid';
import { environmentOf, eventually } from '../../support/app-process';
import { type TestDatabase } from '../../support/databases';

/** What one trial job does. */
export interface TrialJob {
  label: string;
  /** Milliseconds between its effect and its end. */
  ms: number;
  /** It kills its process. */
  deadly?: boolean;
}

const ENQUEUE = statement(
  'belt.enqueue',
  `INSERT INTO jobs (id, kind, name, key, payload, context, state, attempts, max_attempts, crashes, claims, run_at, created_at)
   VALUES (:id, 'job', 'trial.leave', NULL, :payload, :context, 'pending', 0, 3, 0, 0, :now, :now)`,
);
const TABLE = statement(
  'belt.table',
  'CREATE TABLE IF NOT EXISTS trial_effects (label text NOT NULL, pid integer NOT NULL)',
);
const STATES = statement('belt.states', 'SELECT state, COUNT(*) AS total FROM jobs GROUP BY state');
const EFFECTS = statement('belt.effects', 'SELECT label, pid FROM trial_effects');
const FORGET = ['jobs', 'trial_effects'].map((table) => statement(`belt.forget.${table}`, `DELETE FROM ${table}`));
const CRASHES = statement('belt.crashes', 'SELECT MAX(crashes) AS most FROM jobs');

/** Real worker processes on one ledger, to be killed and counted. */
export class TrialBelt {
  private readonly workers = new Set<ChildProcess>();
  private readonly namespace = `q_${randomBytes(4).toString('hex')}`;
  private opened?: Database;

  constructor(
    private readonly place: TestDatabase,
    private readonly engine: string,
    private readonly more: Record<string, string> = {},
  ) {}

  /** Start a worker; several may run at once. */
  start(): ChildProcess {
    const worker = spawn(process.execPath, [join(__dirname, 'trial-worker.cjs')], {
      env: environmentOf({
        LOG_LEVEL: 'ERROR',
        JOBS_ENGINE: this.engine,
        JOBS_NAMESPACE: this.namespace,
        TRIAL_RUNS: this.runsFile,
        ...this.place.environment(),
        ...this.more,
      }),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.workers.add(worker);
    worker.once('exit', () => this.workers.delete(worker));
    return worker;
  }

  /** Signal it and wait for its end; answers its exit code, null when the signal ended it. */
  async end(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode;
    const ended = once(worker, 'exit');
    worker.kill(signal);
    await ended;
    return worker.exitCode;
  }

  /** Write rows as `Jobs.enqueue` does, from outside of any worker. */
  async enqueue(jobs: readonly TrialJob[]): Promise<void> {
    const database = await this.database();
    await database.transaction(async () => {
      for (const job of jobs) {
        await database.execute(ENQUEUE, {
          id: v7(),
          payload: { ...job },
          context: { requestId: v7() },
          now: new Date(),
        });
      }
    });
  }

  /** Wait until no row is left that is neither done nor dead. */
  async settled(timeoutMs: number): Promise<{ done: number; dead: number }> {
    return eventually(
      'every job is done or dead',
      async () => {
        const states = await this.states();
        const open = [...states].filter(([state]) => state !== 'done' && state !== 'dead');
        return open.length === 0 && { done: states.get('done') ?? 0, dead: states.get('dead') ?? 0 };
      },
      timeoutMs,
    );
  }

  /** How many rows stand in each state. */
  async states(): Promise<Map<string, number>> {
    const rows = await (await this.database()).query<{ state: string; total: number | string }>(STATES);
    return new Map(rows.map((row) => [row.state, Number(row.total)]));
  }

  /** Labels of the effects, in order; a job that had its effect twice is there twice. */
  async effects(): Promise<string[]> {
    const rows = await (await this.database()).query<{ label: string }>(EFFECTS);
    return rows.map((row) => row.label).sort();
  }

  /** Labels of all runs that began, in order: more than effects when something ran twice. */
  runs(): string[] {
    return existsSync(this.runsFile) ? readFileSync(this.runsFile, 'utf8').split('\n').filter(Boolean).sort() : [];
  }

  /** The most crashes that one job saw. */
  async mostCrashes(): Promise<number> {
    const [row] = await (await this.database()).query<{ most: number | string | null }>(CRASHES);
    return Number(row?.most ?? 0);
  }

  /** Begin anew: no rows, no effects, no runs. */
  async forget(): Promise<void> {
    const database = await this.database();
    for (const forget of FORGET) await database.execute(forget);
    rmSync(this.runsFile, { force: true });
  }

  /** Kill what still runs and remove what it left in Redis. */
  async clear(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => this.end(worker, 'SIGKILL')));
    if (!this.more.REDIS_URL) return;
    const redis = new Redis(this.more.REDIS_URL);
    const keys = await redis.keys(`${this.namespace}:*`);
    if (keys.length > 0) await redis.del(...keys);
    await redis.quit();
  }

  private get runsFile(): string {
    return join(this.place.dataDir(), 'runs.txt');
  }

  private async database(): Promise<Database> {
    const parts = [DatabaseModule, AuditModule, QueueModule].map(declarationOf);
    if (!this.opened) {
      this.opened = await this.place.open(parts.filter((part): part is DomainDeclaration => part !== undefined));
      await this.opened.execute(TABLE);
    }
    return this.opened;
  }
}
