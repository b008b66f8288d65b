import { type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AuditModule } from '@platform/audit';
import { CacheModule } from '@platform/cache';
import { ConfigModule } from '@platform/config';
import { DatabaseModule, Migrator } from '@platform/database';
import { type Constructor } from '@platform/kernel';
import { ObservabilityModule } from '@platform/observability';
import { QueueModule } from '@platform/queue';
import { SecurityModule } from '@platform/security';
import { type TestDatabase } from './databases';

const PLATFORM = [DatabaseModule, ObservabilityModule, CacheModule, SecurityModule, AuditModule, QueueModule];

/**
 * The cores of domains on a migrated database, without HTTP and without a worker: for medium tests. It is
 * closed after the tests. @param settings settings beside those of the database
 */
export async function domainCore(
  database: TestDatabase,
  modules: readonly (Constructor | DynamicModule)[],
  settings: Record<string, string> = {},
): Promise<TestingModule> {
  const all = [...PLATFORM, ...modules];
  const core = await Test.createTestingModule({
    imports: [ConfigModule.load(all, { LOG_LEVEL: 'ERROR', ...database.environment(), ...settings }), ...all],
  }).compile();
  database.beforeDrop(() => core.close());
  await core.get(Migrator).migrate();
  return core.init();
}
