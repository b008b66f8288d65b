import { AuthenticationFailed } from '@platform/kernel';
import { requireMetricsToken } from './metrics-gate';

const TOKEN = 'a-token-for-prometheus';

describe('requireMetricsToken', () => {
  it.each([
    ['anybody, outside production without a token', undefined, { token: undefined, production: false }],
    ['its bearer in production', `Bearer ${TOKEN}`, { token: TOKEN, production: true }],
    ['its bearer elsewhere', `bearer ${TOKEN}`, { token: TOKEN, production: false }],
  ])('lets in %s', (_who, authorization, access) => {
    expect(() => requireMetricsToken(authorization, access)).not.toThrow();
  });

  it.each([
    ['nobody, in production without a token', 'Bearer undefined', { token: undefined, production: true }],
    ['who shows nothing', undefined, { token: TOKEN, production: true }],
    ['another token', 'Bearer another-token-entirely', { token: TOKEN, production: true }],
    ['a prefix of the token', `Bearer ${TOKEN.slice(0, -1)}`, { token: TOKEN, production: true }],
    ['another scheme', `Basic ${TOKEN}`, { token: TOKEN, production: true }],
    ['the bare token', TOKEN, { token: TOKEN, production: true }],
    ['who shows nothing where a token is set', undefined, { token: TOKEN, production: false }],
  ])('refuses %s', (_who, authorization, access) => {
    expect(() => requireMetricsToken(authorization, access)).toThrow(AuthenticationFailed);
  });
});
