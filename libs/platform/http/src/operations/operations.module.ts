import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { HealthController, HealthV2Controller, ProbeController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { Readiness } from './readiness';

/** The routes that operators' tools call: health and metrics. */
@Module({
  imports: [
    // Its default collectors collide with our names; observability registers the ones that do not.
    PrometheusModule.register({
      controller: MetricsController,
      path: 'public/metrics',
      defaultMetrics: { enabled: false },
    }),
  ],
  controllers: [HealthController, HealthV2Controller, ProbeController],
  providers: [Readiness],
})
export class OperationsModule {}
