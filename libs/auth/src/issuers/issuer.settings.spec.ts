import { CoreConfig, LoadedSettings } from '@platform/config';
import { SystemClock } from '@platform/kernel';
import { AuthConfig } from '../auth.config';
import { ActiveIssuers } from './active-issuers';

const SECRET_KEY = 'a-key-of-the-tests-that-is-long-enough';
const SUPABASE = { SUPABASE_PROJECT_URL: 'https://project.supabase.co' };
const CLERK = { CLERK_ISSUER_URL: 'https://clerk.example.com', CLERK_AUTHORIZED_PARTIES: 'https://app.example.com' };
const CUSTOM = {
  OAUTH_JWKS_URL: 'https://id.example.com/jwks.json',
  OAUTH_ISSUER: 'https://id.example.com/',
  OAUTH_AUDIENCE: 'https://api.example.com',
};

type Environment = Record<string, string>;

/** What a boot with this environment says: a problem, or nothing. */
function refusal(environment: Environment): string {
  try {
    active(environment);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

function active(environment: Environment): ActiveIssuers {
  const settings = LoadedSettings.load([CoreConfig, AuthConfig], { SECRET_KEY, ...environment });
  return new ActiveIssuers(settings.get(AuthConfig), new SystemClock());
}

const without = (environment: Environment, key: string): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => name !== key));

describe('the providers of AUTH_PROVIDER', () => {
  it('are our own tokens alone where nothing is said', () => {
    expect(active({}).external).toEqual([]);
    expect(active({ ...SUPABASE, ...CLERK, ...CUSTOM }).external).toEqual([]);
  });

  it('are several at once, each with its own issuer, algorithms and audience', () => {
    const environment = { AUTH_PROVIDER: 'local, Supabase,clerk,custom', ...SUPABASE, ...CLERK, ...CUSTOM };
    expect(active(environment).external).toMatchObject([
      { name: 'supabase', issuer: 'https://project.supabase.co/auth/v1', audience: 'authenticated' },
      { name: 'clerk', issuer: 'https://clerk.example.com', algorithms: ['RS256'] },
      { name: 'custom', issuer: 'https://id.example.com/', audience: 'https://api.example.com' },
    ]);
    for (const { algorithms } of active(environment).external) expect(algorithms).not.toContain('HS256');
  });

  it('take HS256 with a legacy secret of Supabase, and then nothing else', () => {
    const legacy = { AUTH_PROVIDER: 'supabase', ...SUPABASE, SUPABASE_JWT_SECRET: 's'.repeat(32) };
    expect(active(legacy).external[0]?.algorithms).toEqual(['HS256']);
  });

  it.each([
    ['supabase', SUPABASE],
    ['clerk', CLERK],
    ['custom', CUSTOM],
  ])('stop the boot without any of the settings that %s needs, by name', (provider, complete: Environment) => {
    const environment = { AUTH_PROVIDER: provider, ...complete };
    expect(refusal(environment)).toBe('');
    for (const key of Object.keys(complete)) {
      const said = refusal(without(environment, key));
      expect(said).toMatch(new RegExp(`Set ${key} \\(auth\\.\\w+\\): AUTH_PROVIDER=${provider} cannot be verified`));
    }
  });

  it.each([
    ['a provider that nobody knows', { AUTH_PROVIDER: 'local,google' }, 'AUTH_PROVIDER'],
    ['a provider that is empty', { AUTH_PROVIDER: 'local,' }, 'AUTH_PROVIDER'],
    ['any party', { AUTH_PROVIDER: 'clerk', ...CLERK, CLERK_AUTHORIZED_PARTIES: '*' }, 'CLERK_AUTHORIZED_PARTIES'],
    ['no party', { AUTH_PROVIDER: 'clerk', ...CLERK, CLERK_AUTHORIZED_PARTIES: '[]' }, 'CLERK_AUTHORIZED_PARTIES'],
    [
      'a legacy secret of 31 bytes',
      { AUTH_PROVIDER: 'supabase', ...SUPABASE, SUPABASE_JWT_SECRET: 's'.repeat(31) },
      'SUPABASE_JWT_SECRET',
    ],
    ['an address that is none', { AUTH_PROVIDER: 'clerk', ...CLERK, CLERK_ISSUER_URL: 'clerk' }, 'CLERK_ISSUER_URL'],
    ['a file as keys', { AUTH_PROVIDER: 'custom', ...CUSTOM, OAUTH_JWKS_URL: 'file:///etc/keys' }, 'OAUTH_JWKS_URL'],
    ['one issuer twice', { AUTH_PROVIDER: 'local,custom', ...CUSTOM, OAUTH_ISSUER: 'omnistack' }, 'OAUTH_ISSUER'],
  ])('stop the boot with %s', (_what, environment: Environment, key) => {
    expect(refusal(environment)).toContain(key);
  });

  it.each(['staging', 'production'])('read keys over https alone in %s', (name) => {
    const elsewhere = {
      ENVIRONMENT: name,
      DATABASE_URL: 'postgres://localhost/omni',
      PUBLIC_BASE_URL: 'https://api.example.com',
    };
    const open: [string, Environment][] = [
      ['SUPABASE_PROJECT_URL', { AUTH_PROVIDER: 'supabase', SUPABASE_PROJECT_URL: 'http://project.supabase.co' }],
      ['CLERK_ISSUER_URL', { AUTH_PROVIDER: 'clerk', ...CLERK, CLERK_ISSUER_URL: 'http://clerk.example.com' }],
      ['OAUTH_JWKS_URL', { AUTH_PROVIDER: 'custom', ...CUSTOM, OAUTH_JWKS_URL: 'HTTP://id.example.com/jwks.json' }],
    ];
    for (const [key, environment] of open) {
      expect(refusal(environment)).toBe('');
      expect(refusal({ ...environment, ...elsewhere })).toContain(`Correct ${key}`);
    }
    expect(refusal({ AUTH_PROVIDER: 'custom', ...CUSTOM, ...elsewhere })).toBe('');
  });

  it('say no secret when they stop the boot', () => {
    const said = refusal({ AUTH_PROVIDER: 'supabase', ...SUPABASE, SUPABASE_JWT_SECRET: 'hunter2-hunter2' });
    expect(said).not.toContain('hunter2');
  });
});
