import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditLog, AuditModule, NoAudit } from '@platform/audit';
import { ConfigModule } from '@platform/config';
import { col, Database, DatabaseModule, MigrationKit, Migrator, statement } from '@platform/database';
import {
  type Constructor,
  currentContext,
  defineJob,
  Domain,
  domainEvent,
  PermanentError,
  type WorkContext,
} from '@platform/kernel';
import { ObservabilityModule } from '@platform/observability';
import {
  BullMqModule,
  Cron,
  type CronTick,
  JobHandler,
  JobLedger,
  type JobRecord,
  type JobRun,
  OnDomainEvent,
  QueueModule,
  WorkerModule,
  WorkerRuntime,
} from '@platform/queue';
import { Redis } from 'ioredis';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { redisUrl } from '../../../../test/support/services';

/** What a trial job does, beside leaving its effect. */
export type Conduct = {
  label: string;
  /** Attempts that fail before one succeeds. */
  failures?: number;
  permanent?: boolean;
  /** Milliseconds before, and after, the effect is written. */
  before?: number;
  after?: number;
};

export const Try = defineJob<Conduct>({ name: 'trial.try', summary: 'Try', attempts: 3, backoffMs: 20 });
export const Hurry = defineJob<Conduct>({ name: 'trial.hurry', summary: 'Hurry', attempts: 1, timeoutMs: 150 });

export class Happened extends domainEvent<{ label: string }>('trial.happened', 'Something happened') {}

const LEAVE = statement('trial.leave', 'INSERT INTO trial_effects (label) VALUES (:label)');
const COUNT = statement('trial.count', 'SELECT COUNT(*) AS total FROM trial_effects WHERE label = :label');
const FORGET = ['jobs', 'trial_effects'].map((table) => statement(`trial.forget.${table}`, `DELETE FROM ${table}`));
const LABELS = statement('trial.labels', 'SELECT label FROM trial_effects ORDER BY label');

class CreateTrialEffects1763800029999 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable('trial_effects', [col.text('label')]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('trial_effects');
  }
}

/** What the handlers of this jest process saw. */
export const seen: { label: string; run: JobRun; context: WorkContext | undefined }[] = [];

@Injectable()
class TrialHandlers {
  constructor(private readonly database: Database) {}

  @JobHandler(Try)
  @AuditLog('trial.try', { target: 'label' })
  async try(conduct: Conduct, run: JobRun): Promise<{ tried: string }> {
    seen.push({ label: conduct.label, run, context: currentContext() });
    await sleep(conduct.before ?? 0);
    await this.leave(conduct.label);
    await sleep(conduct.after ?? 0);
    if (conduct.permanent) throw new PermanentError('never');
    if (run.attempt <= (conduct.failures ?? 0)) throw new Error(`attempt ${run.attempt} password=hunter22`);
    return { tried: conduct.label };
  }

  @JobHandler(Hurry)
  @NoAudit('a test')
  async hurry(conduct: Conduct): Promise<void> {
    await sleep(conduct.before ?? 0);
    await this.leave(conduct.label);
    await sleep(conduct.after ?? 0);
  }

  @OnDomainEvent(Happened, { attempts: 3, backoffMs: 20 })
  @NoAudit('a test')
  async first(event: Happened): Promise<void> {
    await this.leave(`first:${event.payload.label}`);
  }

  @OnDomainEvent(Happened, { attempts: 3, backoffMs: 20 })
  @NoAudit('a test')
  async second(event: Happened, run: JobRun): Promise<void> {
    await this.leave(`second:${event.payload.label}`);
    if (run.attempt === 1) throw new Error('the second listener stumbles once');
  }

  private leave(label: string): Promise<number> {
    return this.database.transaction(() => this.database.execute(LEAVE, { label }));
  }
}

@Injectable()
class TrialClock {
  constructor(private readonly database: Database) {}

  @Cron('* * * * * *', { name: 'trial.tick' })
  @NoAudit('a test')
  async tick({ scheduled_for }: CronTick): Promise<void> {
    await this.database.transaction(() => this.database.execute(LEAVE, { label: `tick:${scheduled_for}` }));
  }
}

@Module({ providers: [TrialHandlers], exports: [TrialHandlers] })
@Domain({ name: 'trial', jobs: [Try, Hurry], events: [Happened], migrations: [CreateTrialEffects1763800029999] })
class TrialModule {}

@Module({ imports: [TrialModule], providers: [TrialClock] })
class TickingTrialModule {}

interface TrialOptions {
  readonly ticking?: boolean;
  /** Default true. */
  readonly works?: boolean;
  /** Modules of a domain. */
  readonly more?: readonly Constructor[];
}

/** One process's worth of worker, in this process. */
export class TrialProcess {
  private constructor(readonly app: INestApplicationContext) {}

  static async boot(environment: Record<string, string>, options: TrialOptions = {}): Promise<TrialProcess> {
    const parts: object[] = [
      DatabaseModule,
      ObservabilityModule,
      AuditModule,
      BullMqModule.of(environment, { works: options.works ?? true }),
      ...(options.works === false ? [QueueModule] : [WorkerModule]),
      ...(options.more ?? []),
      options.ticking ? TickingTrialModule : TrialModule,
    ];
    // Every entry is a module, static or dynamic.
    @Module({ imports: [ConfigModule.load(parts, environment), ...(parts as Constructor[])] })
    class TrialApp {}
    const app = await NestFactory.createApplicationContext(TrialApp, { logger: false, abortOnError: false });
    await app.get(Migrator).migrate();
    return new TrialProcess(app);
  }

  get<T>(type: Constructor<T> | (abstract new (...parameters: never[]) => T)): T {
    return this.app.get(type);
  }

  get runtime(): WorkerRuntime {
    return this.app.get(WorkerRuntime);
  }

  get database(): Database {
    return this.app.get(Database);
  }

  async effects(label: string): Promise<number> {
    const [row] = await this.database.query<{ total: number | string }>(COUNT, { label });
    return Number(row?.total);
  }

  async labels(): Promise<string[]> {
    return (await this.database.query<{ label: string }>(LABELS)).map((row) => row.label);
  }

  /** Begin with an empty ledger and without memories. */
  async forget(): Promise<void> {
    seen.length = 0;
    for (const forget of FORGET) await this.database.execute(forget);
  }

  find(id: string | null): Promise<JobRecord> {
    return this.app.get(JobLedger).find(id ?? '');
  }

  /** Wait until the row stands in `state`. */
  async until(id: string | null, state: JobRecord['state']): Promise<JobRecord> {
    return eventually(async () => {
      const job = await this.find(id);
      if (job.state !== state) throw new Error(`the job is ${job.state}, not ${state}: ${job.lastError ?? 'no error'}`);
      return job;
    });
  }
}

/** Repeat `check` until it does not throw, at most `ms`. */
export async function eventually<T>(check: () => Promise<T>, ms = 15_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(20);
  }
}

/** Settings that make everything happen soon. */
export function quick(engine: string): Record<string, string> {
  return {
    JOBS_ENGINE: engine,
    JOBS_NAMESPACE: `q_${randomBytes(4).toString('hex')}`,
    JOBS_POLL_MS: '30',
    JOBS_LEASE_MS: '900',
    JOBS_HANDOVER_TIMEOUT_MS: '600',
    WORKER_CONCURRENCY: '5',
    SHUTDOWN_TIMEOUT_SECONDS: '10',
    LOG_LEVEL: 'ERROR',
  };
}

/** Remove keys of that prefix from the Redis of the tests: all of them, or those of one pattern. */
export async function forgetKeys(prefix: string, what = '*'): Promise<void> {
  const redis = new Redis(redisUrl() ?? '');
  const keys = await redis.keys(`${prefix}:${what}`);
  if (keys.length > 0) await redis.del(...keys);
  await redis.quit();
}
