import { CoreConfig, LoadedSettings } from '@platform/config';
import { type Clock } from '@platform/kernel';
import { Attempts } from './attempts';
import { OidcProviders } from './oidc-providers';
import { OidcConfig } from './oidc.config';

const PROVIDERS = ['acme', 'other'].map((name) => ({ name, issuer: 'https://id.acme.test', client_id: 'us' }));
const ATTEMPT = { state: 's', nonce: 'n', verifier: 'v', linkTo: 'somebody' };

function attemptsOf(environment: Record<string, string> = {}) {
  const loaded = LoadedSettings.load([CoreConfig, OidcConfig], {
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
    OIDC_PROVIDERS: JSON.stringify(PROVIDERS),
    PUBLIC_BASE_URL: 'https://api.test',
    ALLOW_SQLITE_IN_PRODUCTION: 'true',
    ...environment,
  });
  const core = loaded.get(CoreConfig);
  const providers = new OidcProviders(loaded.get(OidcConfig), core);
  let offset = 0;
  const clock: Clock = { now: () => new Date(Date.now() + offset) };
  return {
    attempts: new Attempts(core, clock),
    acme: providers.mustFind('acme'),
    other: providers.mustFind('other'),
    later: (milliseconds: number) => (offset += milliseconds),
  };
}

describe('an attempt', () => {
  it('comes back from its browser as it left, among other cookies', () => {
    const { acme, attempts } = attemptsOf();
    const { name, value } = attempts.keep(acme, ATTEMPT);
    for (const header of [`${name}=${value}`, `a=b; ${name}=${value}; x${name}=no`]) {
      expect(attempts.open(acme, header)).toEqual(ATTEMPT);
    }
  });

  it('is none at another provider, under another key, or when it is ten minutes old', () => {
    const { acme, attempts, later, other } = attemptsOf();
    const { name, value } = attempts.keep(acme, ATTEMPT);
    expect(attempts.open(other, `${name}=${value}`)).toBeNull();
    const elsewhere = attemptsOf({ SECRET_KEY: 'another-key-of-the-tests-that-is-long-enough' });
    expect(elsewhere.attempts.open(acme, `${name}=${value}`)).toBeNull();
    for (const header of [undefined, '', 'a=b', `x${name}=${value}`, `${name}=`, `${name}=${value.slice(4)}`]) {
      expect(attempts.open(acme, header)).toBeNull();
    }
    later(599_000);
    expect(attempts.open(acme, `${name}=${value}`)).toEqual(ATTEMPT);
    later(2_000);
    expect(attempts.open(acme, `${name}=${value}`)).toBeNull();
  });

  it('is kept by https alone outside of ENVIRONMENT=local', () => {
    const local = attemptsOf();
    expect(local.attempts.keep(local.acme, ATTEMPT)).toMatchObject({
      name: 'oidc-attempt',
      options: { secure: false },
    });
    const { acme, attempts } = attemptsOf({ ENVIRONMENT: 'production' });
    expect(attempts.keep(acme, ATTEMPT)).toMatchObject({
      name: '__Secure-oidc-attempt',
      options: { secure: true, httpOnly: true, sameSite: 'lax', path: '/api/v1/public/auth/oidc/acme/callback' },
    });
  });

  it('of a link begins with a ticket that is good for two minutes, one provider and nothing else', () => {
    const { acme, attempts, later, other } = attemptsOf();
    const ticket = attempts.linkTicket(acme, 'somebody');
    expect(attempts.openTicket(acme, ticket)).toBe('somebody');
    expect(attempts.openTicket(other, ticket)).toBeNull();
    expect(attempts.open(acme, `oidc-attempt=${ticket}`)).toBeNull();
    expect(attempts.openTicket(acme, attempts.keep(acme, ATTEMPT).value)).toBeNull();
    later(121_000);
    expect(attempts.openTicket(acme, ticket)).toBeNull();
  });
});
