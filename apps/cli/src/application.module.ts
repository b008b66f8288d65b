import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule } from '@platform/audit';
import { CacheModule } from '@platform/cache';
import { ConfigModule, type Environment } from '@platform/config';
import { DatabaseModule, OperatorModule } from '@platform/database';
import { HttpModule } from '@platform/http';
import { MailModule } from '@platform/mail';
import { ObservabilityModule } from '@platform/observability';
import { BullMqModule, QueueModule } from '@platform/queue';
import { RealtimeModule } from '@platform/realtime';
import { SecurityModule } from '@platform/security';
import { CORES } from '../../domains';
import { DOMAINS } from './domains';

const PLATFORM = [
  DatabaseModule,
  ObservabilityModule,
  CacheModule,
  SecurityModule,
  AuditModule,
  QueueModule,
  MailModule,
];

/** Everything whose settings and contracts the operator may ask about, the entry of the API included. */
export const DECLARING_MODULES = [...PLATFORM, HttpModule, RealtimeModule, ...CORES, ...DOMAINS];

/** The domains with all that they stand on: what a command runs in that writes rows or asks a service. */
@Module({})
export class ApplicationModule {
  /** @throws BootRefused naming every missing or wrong setting */
  static assemble(environment: Environment): DynamicModule {
    const modules = [...PLATFORM, ...CORES, ...DOMAINS];
    const bullMq = BullMqModule.of(environment, { works: false });
    // All that is declared: `.env` is one for all processes, and none of its names may look unknown here.
    const imports = [ConfigModule.load(DECLARING_MODULES, environment), bullMq, ...modules, OperatorModule.of(modules)];
    return { module: ApplicationModule, imports };
  }
}
