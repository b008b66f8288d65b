import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule } from '@platform/audit';
import { CacheModule } from '@platform/cache';
import { ConfigModule, type Environment } from '@platform/config';
import { DatabaseModule } from '@platform/database';
import { MailModule } from '@platform/mail';
import { ObservabilityModule } from '@platform/observability';
import { BullMqModule, QueueModule, WorkerModule } from '@platform/queue';
import { RealtimeSenderModule } from '@platform/realtime';
import { SecurityModule } from '@platform/security';
import { CORES } from '../../domains';
import { DOMAINS } from './domains';
import { Operations } from './operations';
import { OperationsServer } from './operations-server';
import { WorkerShutdown } from './worker-shutdown';

const PLATFORM = [
  DatabaseModule,
  ObservabilityModule,
  CacheModule,
  SecurityModule,
  AuditModule,
  QueueModule,
  MailModule,
  RealtimeSenderModule,
  WorkerModule,
];

/** The worker process: the platform, every domain, and the domains' worker entry points. */
@Module({ providers: [Operations, OperationsServer, WorkerShutdown] })
export class WorkerAppModule {
  /**
   * Put the process together from its environment.
   * @throws BootRefused naming every missing or wrong setting.
   */
  static assemble(environment: Environment): DynamicModule {
    const modules = [...PLATFORM, BullMqModule.of(environment, { works: true }), ...CORES, ...DOMAINS];
    return {
      module: WorkerAppModule,
      imports: [ConfigModule.load(modules, environment), ...modules],
    };
  }
}
