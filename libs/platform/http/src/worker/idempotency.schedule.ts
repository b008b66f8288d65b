import { Injectable } from '@nestjs/common';
import { NoAudit } from '@platform/audit';
import { Clock } from '@platform/kernel';
import { Cron } from '@platform/queue';
import { IdempotencyStore } from '@platform/security';

/** Keeps the table of idempotency keys small. */
@Injectable()
export class IdempotencySchedule {
  constructor(
    private readonly keys: IdempotencyStore,
    private readonly clock: Clock,
  ) {}

  /** Remove the keys whose time is over, nightly. */
  @Cron('30 3 * * *', { name: 'http.purge-idempotency-keys' })
  @NoAudit('an expired key repeats nothing any more, so nobody loses anything')
  async purgeExpired(): Promise<void> {
    await this.keys.purgeExpired(this.clock.now());
  }
}
