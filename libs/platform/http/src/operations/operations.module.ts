import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { HealthController, HealthV2Controller, ProbeController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { QueuePages } from './queue-pages';
import { QueuesController } from './queues.controller';
import { Readiness } from './readiness';

/** The routes of operators and their tools: health, metrics and the board of the queues. */
@Module({
  imports: [
    // Its default collectors collide with our names; observability registers the ones that do not.
    PrometheusModule.register({
      controller: MetricsController,
      path: 'public/metrics',
      defaultMetrics: { enabled: false },
    }),
  ],
  controllers: [HealthController, HealthV2Controller, ProbeController, QueuesController],
  providers: [Readiness, QueuePages],
})
export class OperationsModule {}
