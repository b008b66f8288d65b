import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, CoreConfig, type Environment, LoadedSettings } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { AuditModule } from '@platform/audit';
import { CacheModule } from '@platform/cache';
import { DatabaseModule } from '@platform/database';
import { HttpModule, QueuePagesModule } from '@platform/http';
import { DevMailboxModule, LinkPagesModule, MailModule } from '@platform/mail';
import { ObservabilityModule } from '@platform/observability';
import { BullMqModule, QueueModule, WorkerModule } from '@platform/queue';
import { RealtimeModule } from '@platform/realtime';
import { SecurityModule } from '@platform/security';
import { CORES } from '../../domains';
import { DOMAINS } from './domains';
import { StartModule } from './start/start.module';

const PLATFORM = [
  DatabaseModule,
  ObservabilityModule,
  CacheModule,
  SecurityModule,
  AuditModule,
  QueueModule,
  MailModule,
  HttpModule,
  QueuePagesModule,
  RealtimeModule,
];

/** The API process: the platform, every domain, the domains' API entry points, and those of the worker when WORKER is inline. */
@Module({})
export class ApiModule {
  /**
   * Put the process together from its environment.
   * @throws BootRefused naming every missing or wrong setting.
   */
  static assemble(environment: Environment): DynamicModule {
    const chosen = coreOf(environment);
    const bullMq = BullMqModule.of(environment, { works: chosen?.workerInline === true });
    const forEverybody = [...PLATFORM, bullMq, ...CORES, ...DOMAINS];
    const modules = [...forEverybody, ...(chosen ? [...forPeople(chosen), ...inlineWorker(chosen)] : [])];
    return { module: ApiModule, imports: [ConfigModule.load(modules, environment), ...modules] };
  }
}

/** What chooses modules; undefined when the core settings are wrong, which `ConfigModule.load` tells with all others. */
function coreOf(environment: Environment): CoreConfig | undefined {
  try {
    return LoadedSettings.load([CoreConfig], environment).get(CoreConfig);
  } catch (error) {
    if (error instanceof BootRefused) return undefined;
    throw error;
  }
}

function forPeople(core: CoreConfig) {
  if (core.isProduction) return [];
  if (!core.isLocal) return [StartModule];
  // Links in mails lead to the web application; without one, to pages of this process.
  const pages = core.appUrl === undefined ? [LinkPagesModule.of(DOMAINS)] : [];
  return [StartModule, DevMailboxModule, ...pages];
}

function inlineWorker(core: CoreConfig) {
  if (!core.workerInline) return [];
  // Required here, so that a process without inline work loads no worker file.
  const { INLINE_WORKER } = require('./inline-worker') as typeof import('./inline-worker');
  return [WorkerModule, ...INLINE_WORKER];
}
