import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthChecks } from '@platform/observability';
import { Engine } from '../engine/engine';

/** Readiness of a worker looks at its own engine: jobs that do not move are no outage of anything else. */
@Injectable()
export class EngineHealth implements OnModuleInit {
  constructor(
    private readonly engine: Engine,
    private readonly checks: HealthChecks,
  ) {}

  onModuleInit(): void {
    this.checks.register('jobs', async () => ({ impaired: this.engine.trouble }), { critical: false });
  }
}
