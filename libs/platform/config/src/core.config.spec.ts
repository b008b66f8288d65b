import { BootRefused, defineAppPage } from '@platform/kernel';
import { CoreConfig } from './core.config';
import { LoadedSettings } from './settings';

const PAGE = defineAppPage({ path: '/verify-email', query: ['token'], title: 'Verify', forms: [] });
const SECRET = 'k7Jq0xv9ZrT2mWn4pLs8yBc1dFg6hAe3';

function load(environment: Record<string, string> = {}): CoreConfig {
  return LoadedSettings.load([CoreConfig], { SECRET_KEY: SECRET, ...environment }).get(CoreConfig);
}

function refusal(environment: Record<string, string>): string {
  try {
    load(environment);
  } catch (error) {
    if (error instanceof BootRefused) return error.message;
    throw error;
  }
  return '';
}

describe('CoreConfig', () => {
  it.each([
    [{}, 'embedded', true],
    [{ DATABASE_URL: 'sqlite:other.db' }, 'embedded', true],
    [{ REDIS_URL: 'redis://localhost' }, 'embedded', true],
    [{ DATABASE_URL: 'postgres://localhost/app' }, 'single-service', false],
    [{ DATABASE_URL: 'postgresql://localhost/app', REDIS_URL: 'redis://localhost' }, 'scale-out', false],
  ])('of %p runs in %s mode, worker inline: %s', (environment, mode, workerInline) => {
    const config = load(environment);

    expect([config.mode, config.workerInline]).toEqual([mode, workerInline]);
  });

  it('lets WORKER decide against the mode', () => {
    expect(load({ WORKER: 'separate' }).workerInline).toBe(false);
    expect(load({ WORKER: 'inline', DATABASE_URL: 'postgres://localhost/app' }).workerInline).toBe(true);
  });

  it('refuses a short secret without printing it', () => {
    const message = refusal({ SECRET_KEY: 'short-and-known' });

    expect(message).toContain('SECRET_KEY (core.secretKey): expected at least 32 characters');
    expect(message).not.toContain('short-and-known');
  });

  it.each(['staging', 'production'])('refuses a secret in %s that can be guessed', (environment) => {
    for (const secret of ['change-me-change-me-change-me-change-me', 'k'.repeat(40)]) {
      expect(refusal({ SECRET_KEY: secret, ENVIRONMENT: environment })).toContain(
        'Replace SECRET_KEY (core.secretKey)',
      );
      expect(refusal({ SECRET_KEY: secret, ENVIRONMENT: 'local' })).toBe('');
    }
  });

  it('refuses the embedded database outside of local, unless it is wanted in words', () => {
    expect(refusal({ ENVIRONMENT: 'staging' })).toContain('Set DATABASE_URL (core.databaseUrl)');
    expect(refusal({ ENVIRONMENT: 'staging', ALLOW_SQLITE_IN_PRODUCTION: 'true' })).toBe('');
  });

  it.each([
    ['DATABASE_URL', 'mysql://localhost/app'],
    ['REDIS_URL', 'localhost:6379'],
    ['PUBLIC_BASE_URL', 'api.example'],
    ['WORKER', 'sometimes'],
    ['PORT', '70000'],
  ])('refuses %s=%s', (key, value) => {
    expect(refusal({ [key]: value })).toContain(`Correct ${key}`);
  });

  it('names everything that production lacks in one list', () => {
    const message = refusal({ ENVIRONMENT: 'production', SECRET_KEY: '', REDIS_URL: 'localhost', PORT: 'http' });

    for (const setting of ['SECRET_KEY', 'DATABASE_URL', 'PUBLIC_BASE_URL', 'REDIS_URL', 'PORT']) {
      expect(message).toMatch(new RegExp(`^  - (Set|Correct) ${setting} `, 'm'));
    }
  });

  it.each([
    ['PUBLIC_BASE_URL', 'http://api.example.com', 'begins with https://'],
    ['PUBLIC_BASE_URL', 'https://localhost:3000', 'localhost leads everybody to their own machine'],
    ['PUBLIC_BASE_URL', 'https://127.0.0.1', '127.0.0.1 leads everybody'],
    ['PUBLIC_BASE_URL', 'https://[::1]:3000', 'leads everybody'],
    ['PUBLIC_BASE_URL', 'https://0.0.0.0:3000', 'leads everybody'],
    ['APP_URL', 'http://app.example.com', 'begins with https://'],
    ['APP_URL', 'https://app.localhost', 'leads everybody'],
  ])('refuses %s=%s in production', (key, address, reason) => {
    const production = {
      ENVIRONMENT: 'production',
      DATABASE_URL: 'postgres://localhost/app',
      PUBLIC_BASE_URL: 'https://api.example.com',
    };

    expect(refusal(production)).toBe('');
    expect(refusal({ ...production, [key]: address })).toContain(`Correct ${key} (core.`);
    expect(refusal({ ...production, [key]: address })).toContain(reason);
    expect(refusal({ ...production, [key]: address, ENVIRONMENT: 'staging' })).toBe('');
  });

  it('says where links of staging lead when nobody says', () => {
    const staging = { SECRET_KEY: SECRET, ENVIRONMENT: 'staging', DATABASE_URL: 'postgres://localhost/app' };
    const advice = (environment: Record<string, string>) => LoadedSettings.load([CoreConfig], environment).advice;

    expect(advice(staging)).toEqual([expect.stringContaining('Set PUBLIC_BASE_URL (core.publicBaseUrl)')]);
    expect(advice({ ...staging, APP_URL: 'https://app.example.com' })).toEqual([]);
  });

  it('takes words in any case', () => {
    expect(load({ ENVIRONMENT: 'Local', WORKER: 'SEPARATE' })).toMatchObject({ isLocal: true, workerInline: false });
  });

  it.each(['UPSTASH_REDIS_REST_URL', 'PERPLEXITY_API_KEY', 'APPLE_SHARED_SECRET', 'IMPERSONATION_SECRET'])(
    'says what to do with %s of the predecessor',
    (name) => {
      const loaded = LoadedSettings.load([CoreConfig], { SECRET_KEY: SECRET, [name]: 'S3CRET' });

      expect(loaded.strayNames).toEqual([expect.stringMatching(new RegExp(`^${name} is not read: (set|remove) `))]);
      expect(loaded.strayNames.join()).not.toContain('S3CRET');
    },
  );

  it('knows its own address once it listens', () => {
    const core = load({ PORT: '0' });
    const listening = (host: string) => {
      core.listensAt(host, 41_001);
      return core.ownUrl;
    };

    expect([core.ownUrl, core.baseUrl]).toEqual(['http://localhost:0', 'http://localhost:0']);
    expect(['127.0.0.1', '0.0.0.0', '::', '::1'].map(listening)).toEqual(Array(4).fill('http://localhost:41001'));
    expect(listening('192.0.2.7')).toBe('http://192.0.2.7:41001');
    expect(listening('2001:db8::7')).toBe('http://[2001:db8::7]:41001');
    expect(core.linkTo(PAGE, { token: 't' })).toBe('http://[2001:db8::7]:41001/verify-email?token=t');
  });

  it('refuses PORT=0 for a separate worker, which would not know where its links lead', () => {
    const separate = { PORT: '0', DATABASE_URL: 'postgres://localhost/app' };

    expect(refusal(separate)).toContain('Set PUBLIC_BASE_URL (core.publicBaseUrl), or PORT to a number');
    expect(refusal({ ...separate, PUBLIC_BASE_URL: 'http://localhost:4000' })).toBe('');
    expect(refusal({ ...separate, WORKER: 'inline' })).toBe('');
  });

  it('listens for this machine alone in embedded mode', () => {
    expect(load().defaultHost).toBe('127.0.0.1');
    expect(load({ DATABASE_URL: 'postgres://localhost/app' }).defaultHost).toBe('0.0.0.0');
  });

  it.each(['DATABASE_URL', 'REDIS_URL'])('names %s, the fix and nothing of a password that is not encoded', (key) => {
    const scheme = key === 'REDIS_URL' ? 'redis' : 'postgresql';
    for (const password of ['100%sure', 's3cr#t', 'p@ss/w0rd']) {
      const message = refusal({ [key]: `${scheme}://app:${password}@db.internal/app` });

      expect(message).toMatch(new RegExp(`^.*\\n  - Correct ${key} .* write .* as %2[35F][^\\n]*$`));
      expect(message).not.toMatch(/sure|s3cr|w0rd/);
    }
  });

  it('links to the web application, else to the API itself', () => {
    const link = (environment: Record<string, string>) => load(environment).linkTo(PAGE, { token: 'a b' });

    expect(link({ APP_URL: 'https://app.example.com/', PUBLIC_BASE_URL: 'https://api.example.com' })).toBe(
      'https://app.example.com/verify-email?token=a+b',
    );
    expect(link({ PORT: '4000' })).toBe('http://localhost:4000/verify-email?token=a+b');
    expect(link({ PUBLIC_BASE_URL: 'https://api.example.com' })).toBe('https://api.example.com/verify-email?token=a+b');
  });

  it('does not print the password of a refused database address', () => {
    expect(refusal({ DATABASE_URL: 'mysql://root:hunter2@localhost/app' })).not.toContain('hunter2');
  });
});
