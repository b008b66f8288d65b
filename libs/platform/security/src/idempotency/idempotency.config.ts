import { integer, setting, settings } from '@platform/config';

/** How long an `Idempotency-Key` protects. */
export class IdempotencyConfig extends settings('idempotency', {
  lockSeconds: setting(
    'IDEMPOTENCY_LOCK_SECONDS',
    integer(5, 3_600).default(60),
    'A request that holds a key and died gives it back after this many seconds, 5–3600; longer than any request takes.',
  ),
  ttlHours: setting(
    'IDEMPOTENCY_TTL_HOURS',
    integer(1, 720).default(24),
    'Hours that the first answer is kept and repeated, 1–720.',
  ),
}) {}
