import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '@platform/observability';
import { JobLedger } from './ledger/job-ledger';

/** Counts what waits whenever somebody looks at the metrics. */
@Injectable()
export class QueueGauge implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly ledger: JobLedger,
  ) {}

  onModuleInit(): void {
    this.metrics.beforeScrape(async () => this.metrics.jobsWaiting('default', await this.ledger.waiting()));
  }
}
