import { integer, type Rate, rate, setting, settings } from '@platform/config';

const per = (limit: number, windowSeconds: number): Rate => ({ limit, windowSeconds });

/** The named rate-limit policies and the memory that counting may take. */
export class RateLimitConfig extends settings('rate-limit', {
  default: setting('RATE_LIMIT_DEFAULT', rate().default(per(60, 60)), 'Calls of one address without credentials.', {
    example: '60/minute',
  }),
  authenticated: setting('RATE_LIMIT_AUTHENTICATED', rate().default(per(120, 60)), 'Calls of one signed-in user.', {
    example: '120/minute',
  }),
  ai: setting('RATE_LIMIT_AI', rate().default(per(10, 60)), 'Calls of one user to the AI routes.', {
    example: '10/minute',
  }),
  auth: setting('RATE_LIMIT_AUTH', rate().default(per(5, 60)), 'Sign-in attempts of one address.', {
    example: '5/minute',
  }),
  contact: setting('CONTACT_RATE_LIMIT', rate().default(per(5, 3_600)), 'Contact forms of one address.', {
    example: '5/hour',
  }),
  webhooks: setting('RATE_LIMIT_WEBHOOK', rate().default(per(1_000, 60)), 'Webhook calls of one address.', {
    example: '1000/minute',
  }),
  memoryKeys: setting(
    'RATE_LIMIT_MEMORY_KEYS',
    integer(100, 1_000_000).default(50_000),
    'Subjects counted in memory per policy, 100–1000000, about 200 bytes each; used without Redis and while it is down.',
  ),
}) {}
