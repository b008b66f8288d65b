import { AuthenticationFailed } from '@platform/kernel';
import { requireMetricsToken, seesDetails } from './metrics-gate';

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

describe('seesDetails', () => {
  it.each([
    ['everybody outside production', undefined, { token: TOKEN, production: false }, true],
    ['the bearer of the token in production', `Bearer ${TOKEN}`, { token: TOKEN, production: true }, true],
    ['nobody else in production', undefined, { token: TOKEN, production: true }, false],
    ['no other bearer in production', 'Bearer another-token-entirely', { token: TOKEN, production: true }, false],
    ['nobody in production without a token', 'Bearer undefined', { token: undefined, production: true }, false],
    ['nobody in production with an empty token', 'Bearer ', { token: '', production: true }, false],
  ])('lets %s see the parts', (_who, authorization, access, sees) => {
    expect(seesDetails(authorization, access)).toBe(sees);
  });
});
