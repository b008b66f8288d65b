import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { Database, DatabaseFitness, statement } from '@platform/database';
import { HealthChecks, type HealthFacts } from './health-checks';

const PING = statement('health.ping', {
  postgres: `SELECT current_setting('server_version') AS version, clock_timestamp() AS server_time`,
  sqlite: `SELECT sqlite_version() AS version, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS server_time`,
});

const PRODUCT = { postgres: 'PostgreSQL', sqlite: 'SQLite' } as const;
// Tokens are accepted with 5 s of leeway: beyond it, good tokens begin to fail.
const TOLERATED_OFFSET_MS = 5_000;

/** Readiness asks the database for its version and its time, and whether it takes what we write. */
@Injectable()
export class DatabaseHealth implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly fitness: DatabaseFitness,
    private readonly checks: HealthChecks,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.checks.register('database', () => this.ping(), { critical: true });
  }

  private async ping(): Promise<HealthFacts> {
    const asked = this.clock.now().getTime();
    const [row] = await this.database.query<{ version: string; server_time: Date | string }>(PING);
    const answered = this.clock.now().getTime();
    await this.fitness.demand();
    if (!row) throw new Error('The database answered SELECT without a row');
    // The server read its clock somewhere between question and answer: the middle is the best guess.
    const clockOffsetMs = Math.round((asked + answered) / 2 - new Date(row.server_time).getTime());
    const version = `${PRODUCT[this.database.dialect]} ${row.version.split(' ')[0]}`;
    if (Math.abs(clockOffsetMs) <= TOLERATED_OFFSET_MS) return { version, clockOffsetMs };
    const seconds = Math.round(clockOffsetMs / 1000);
    return {
      version,
      clockOffsetMs,
      impaired: `this machine's clock differs from the database's by about ${seconds} s; check NTP on both`,
    };
  }
}
