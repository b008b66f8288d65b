import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { HealthChecks } from '@platform/observability';
import { Engine } from './engine';

/** Readiness of a process that works asks its engine; one that also serves requests serves them without it. */
@Injectable()
export class EngineHealth implements OnModuleInit {
  constructor(
    private readonly engine: Engine,
    private readonly checks: HealthChecks,
    private readonly core: CoreConfig,
  ) {}

  onModuleInit(): void {
    this.checks.register('jobs', () => this.engine.check(), { critical: !this.core.workerInline });
  }
}
