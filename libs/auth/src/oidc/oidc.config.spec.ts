import { CoreConfig, LoadedSettings } from '@platform/config';
import { OidcProviders } from './oidc-providers';
import { OidcConfig } from './oidc.config';

const GOOD = { name: 'acme', issuer: 'https://id.acme.test', client_id: 'us', client_secret: 'S3CRET' };
const LOCAL = { SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough' };
const STAGING = { ...LOCAL, ENVIRONMENT: 'staging', ALLOW_SQLITE_IN_PRODUCTION: 'true' };

function boot(list: unknown, environment: Record<string, string> = LOCAL): OidcProviders {
  const text = typeof list === 'string' ? list : JSON.stringify(list);
  const loaded = LoadedSettings.load([CoreConfig, OidcConfig], { ...environment, OIDC_PROVIDERS: text });
  return new OidcProviders(loaded.get(OidcConfig), loaded.get(CoreConfig));
}

function refusal(list: unknown, environment?: Record<string, string>): string {
  try {
    boot(list, environment);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'booted';
}

describe('the providers of an installation', () => {
  it('are none without a setting', () => {
    expect(boot('').all).toEqual([]);
  });

  it('have a label, the scopes of a sign-in, and an address to come back to', () => {
    const environment = { ...STAGING, PUBLIC_BASE_URL: 'https://api.test/base/' };
    const [acme, other] = boot(
      [GOOD, { ...GOOD, name: 'b-2', label: 'B', scopes: ['email', 'openid'] }],
      environment,
    ).all;
    expect(acme).toMatchObject({
      label: 'acme',
      identity: 'oidc:acme',
      scope: 'openid email profile',
      redirectUri: 'https://api.test/base/api/v1/public/auth/oidc/acme/callback',
    });
    expect(other).toMatchObject({ label: 'B', scope: 'openid email' });
  });

  it('are found by name only', () => {
    expect(() => boot([GOOD]).mustFind('acm')).toThrow(expect.objectContaining({ status: 404 }));
  });

  it.each([
    ['no JSON', 'acme', /expected array/],
    ['no list', GOOD, /expected array/],
    ['a name in capitals', [{ ...GOOD, name: 'Acme' }], /0\.name: expected 1 to 32/],
    ['a name of 33 characters', [{ ...GOOD, name: 'a'.repeat(33) }], /0\.name/],
    ['one name twice', [GOOD, GOOD], /every `name` once/],
    ['no client', [{ ...GOOD, client_id: undefined }], /0\.client_id/],
    ['an unknown key', [{ ...GOOD, S3CRET: 1 }], /0: holds a key that is not known/],
    ['a scope of two words', [{ ...GOOD, scopes: ['a b'] }], /0\.scopes\.0: expected a scope/],
    ['http elsewhere', [{ ...GOOD, issuer: 'http://id.acme.test' }], /0\.issuer: expected an https address/],
    ['http to a look-alike', [{ ...GOOD, issuer: 'http://localhost.acme.test' }], /0\.issuer/],
    ['an issuer with a query', [{ ...GOOD, issuer: 'https://id.acme.test/?S3CRET' }], /0\.issuer/],
    ['a file', [{ ...GOOD, issuer: 'file:///etc/passwd' }], /0\.issuer/],
  ])('are refused with %s, by its place and without its values', (_what, list, problem) => {
    const message = refusal(list);
    expect(message).toMatch(problem);
    expect(message).toContain('OIDC_PROVIDERS (oidc.providers)');
    expect(message).not.toMatch(/S3CRET|acme\.test/);
  });

  it('may speak http on this machine, and only where ENVIRONMENT is local', () => {
    const here = [{ ...GOOD, issuer: 'http://127.0.0.1:4000' }];
    expect(refusal(here)).toBe('booted');
    expect(refusal(here, { ...STAGING, PUBLIC_BASE_URL: 'https://api.test' })).toContain('issuer of acme');
  });

  it('need an address to come back to', () => {
    expect(refusal([GOOD], STAGING)).toContain('Set PUBLIC_BASE_URL');
    expect(refusal('', STAGING)).toBe('booted');
  });
});
