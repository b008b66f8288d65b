import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, CoreConfig, type Environment, LoadedSettings } from '@platform/config';
import { AuditModule } from '@platform/audit';
import { CacheModule } from '@platform/cache';
import { DatabaseModule } from '@platform/database';
import { HttpModule } from '@platform/http';
import { DevMailboxModule, LinkPagesModule, MailModule } from '@platform/mail';
import { ObservabilityModule } from '@platform/observability';
import { QueueModule, WorkerModule } from '@platform/queue';
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
  RealtimeModule,
];

/** The API process: the platform, every domain, the domains' api sides, and the worker's sides when WORKER is inline. */
@Module({})
export class ApiModule {
  /**
   * Put the process together from its environment.
   * @throws BootRefused naming every missing or wrong setting.
   */
  static assemble(environment: Environment): DynamicModule {
    // First everything that is always there, so that all findings come at once; then what the core settings choose.
    ConfigModule.load([...PLATFORM, ...CORES, ...DOMAINS], environment);
    const core = LoadedSettings.load([CoreConfig], environment).get(CoreConfig);
    const modules = [...PLATFORM, ...CORES, ...DOMAINS, ...forPeople(core), ...inlineWorker(core)];
    return { module: ApiModule, imports: [ConfigModule.load(modules, environment), ...modules] };
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
