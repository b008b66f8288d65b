import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@platform/database';
import { Metrics } from './metrics';

/** Counts what the database library reports. */
@Injectable()
export class DatabaseMetrics implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.database.observe(({ operation, table, seconds, errorCode }) => {
      this.metrics.databaseQuery(operation, table, seconds);
      if (errorCode) this.metrics.databaseFailed(errorCode);
    });
    this.metrics.beforeScrape(() => {
      const { idle, active, waiting } = this.database.poolState();
      this.metrics.databasePool({ idle, active, overflow: waiting });
    });
  }
}
