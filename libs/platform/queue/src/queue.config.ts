import { CoreConfig, integer, oneOf, type OtherSections, setting, settings } from '@platform/config';
import { z } from 'zod';

/** How jobs are kept, carried and given time. */
export class QueueConfig extends settings('queue', {
  engine: setting(
    'JOBS_ENGINE',
    oneOf('embedded', 'bullmq-postgres', 'bullmq-redis').optional(),
    'embedded, bullmq-postgres or bullmq-redis; unset: embedded on SQLite, bullmq-postgres on PostgreSQL, bullmq-redis with REDIS_URL.',
    { example: '' },
  ),
  concurrency: setting('WORKER_CONCURRENCY', integer(1, 200).default(10), 'Jobs that one worker runs at once, 1–200.'),
  pollMs: setting(
    'JOBS_POLL_MS',
    integer(10, 60_000).default(500),
    'Pause between looks at the ledger when nothing is due, milliseconds, 10–60000.',
  ),
  leaseMs: setting(
    'JOBS_LEASE_MS',
    integer(300, 600_000).default(10_000),
    'A worker that is silent this long loses its jobs to another, milliseconds, 300–600000.',
  ),
  handoverTimeoutMs: setting(
    'JOBS_HANDOVER_TIMEOUT_MS',
    integer(100, 3_600_000).default(30_000),
    'A job that BullMQ has not begun after this time is handed over again, milliseconds, 100–3600000.',
  ),
  retentionSeconds: setting(
    'JOBS_RETENTION_SECONDS',
    integer(1, 31_536_000).default(3600),
    'Done jobs are kept this long, seconds; their keys fold repeats meanwhile.',
  ),
  deadRetentionDays: setting(
    'JOBS_DEAD_RETENTION_DAYS',
    integer(1, 3650).default(7),
    'Dead letters are kept this long, days, 1–3650.',
  ),
  namespace: setting(
    'JOBS_NAMESPACE',
    z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,40}$/, { error: 'expected lower-case letters, digits and _' })
      .default('omnistack_jobs'),
    'Prefix of the keys in Redis and name of the schema in PostgreSQL that BullMQ uses.',
  ),
}) {
  static override check({ engine }: QueueConfig, other: OtherSections): string[] {
    const { redisUrl, usesSqlite } = other(CoreConfig);
    const missing =
      engine === 'bullmq-redis' && !redisUrl
        ? 'REDIS_URL'
        : engine === 'bullmq-postgres' && usesSqlite
          ? 'DATABASE_URL with a PostgreSQL address'
          : undefined;
    return missing ? [`JOBS_ENGINE=${engine} (queue.engine) needs ${missing}: set it, or unset JOBS_ENGINE`] : [];
  }
}
