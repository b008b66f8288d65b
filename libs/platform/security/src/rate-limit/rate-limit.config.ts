import { integer, type Rate, rate, setting, settings } from '@platform/config';
import { z } from 'zod';

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
  authLogin: setting(
    'RATE_LIMIT_AUTH_LOGIN',
    rate().default(per(5, 60)),
    'Attempts to sign in to one account, or with one link, from one address; an address has ten times as many in all.',
    { example: '5/minute' },
  ),
  authRegister: setting('RATE_LIMIT_AUTH_REGISTER', rate().default(per(5, 60)), 'Registrations from one address.', {
    example: '5/minute',
  }),
  authMail: setting(
    'RATE_LIMIT_AUTH_MAIL',
    rate().default(per(3, 60)),
    'Mails with links that one address asks for, for one account; an address has ten times as many in all.',
    { example: '3/minute' },
  ),
  authRefresh: setting(
    'RATE_LIMIT_AUTH_REFRESH',
    rate().default(per(30, 60)),
    'Refreshes of one session; of one address, where the token is none of ours.',
    { example: '30/minute' },
  ),
  auth: setting(
    'RATE_LIMIT_AUTH',
    z.undefined({ error: 'it was replaced, remove it' }),
    'Set RATE_LIMIT_AUTH_LOGIN, RATE_LIMIT_AUTH_REGISTER, RATE_LIMIT_AUTH_MAIL, RATE_LIMIT_AUTH_REFRESH instead.',
    { example: '' },
  ),
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
