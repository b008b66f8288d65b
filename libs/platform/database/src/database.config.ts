import { flag, integer, serverAddress, setting, settings } from '@platform/config';
import { z } from 'zod';

/** Pool, pooler and timeouts of PostgreSQL; the address itself is a core setting. */
export class DatabaseConfig extends settings('database', {
  pooler: setting(
    'DATABASE_POOLER',
    z.enum(['transaction'], { error: 'expected transaction, or nothing' }).optional(),
    'transaction: DATABASE_URL leads through a pooler that lends a session by the transaction, and nothing that needs one is asked of it. Unset: each connection is a session.',
    { example: '' },
  ),
  directUrl: setting(
    'DATABASE_DIRECT_URL',
    serverAddress(/^postgres(ql)?(\+\w+)?:\/\//, 'postgres://…').optional(),
    'The same database past the pooler, for migrations and BullMQ, which need sessions; unset: DATABASE_URL.',
    { secret: true, example: '' },
  ),
  poolSize: setting(
    'DB_POOL_SIZE',
    integer(1, 500).default(16),
    'Connections per process to PostgreSQL, 1–500; a worker needs WORKER_CONCURRENCY + 4.',
  ),
  poolRecycleSeconds: setting(
    'DB_POOL_RECYCLE',
    integer(10, 86_400).default(3600),
    'A connection is replaced after this many seconds, 10–86400.',
  ),
  useNullPool: setting(
    'DB_USE_NULL_POOL',
    flag().default(false),
    'true closes each connection after use, for serverless PostgreSQL.',
  ),
  connectTimeoutMs: setting(
    'DB_CONNECT_TIMEOUT_MS',
    integer(100, 60_000).default(3000),
    'Longest wait for a free connection, milliseconds, 100–60000; then 503.',
  ),
  statementTimeoutMs: setting(
    'DB_STATEMENT_TIMEOUT_MS',
    integer(100, 600_000).default(5000),
    'Longest time of one statement, milliseconds, 100–600000; then 503.',
  ),
  connectAttempts: setting(
    'DB_CONNECT_ATTEMPTS',
    integer(1, 100).default(8),
    'Attempts to reach the database at boot, with growing pauses of at most 5 s, before the process gives up.',
  ),
  migrateOnBoot: setting(
    'DB_MIGRATE_ON_BOOT',
    flag().optional(),
    'true applies pending migrations at boot; default true when ENVIRONMENT is local. Otherwise pending ones stop the boot.',
    { example: '' },
  ),
}) {
  static override check({ pooler, directUrl }: DatabaseConfig): string[] {
    if (pooler === undefined || directUrl !== undefined) return [];
    return [
      'Set DATABASE_DIRECT_URL (database.directUrl): with DATABASE_POOLER=transaction migrations and BullMQ need an ' +
        'address past the pooler',
    ];
  }
}
