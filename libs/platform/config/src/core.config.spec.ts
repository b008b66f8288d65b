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

  it.each(['staging', 'production'])('refuses a sample secret in %s', (environment) => {
    const sample = { SECRET_KEY: 'change-me-change-me-change-me-change-me', DATABASE_URL: 'postgres://localhost/app' };

    expect(refusal({ ...sample, ENVIRONMENT: environment })).toContain('Replace SECRET_KEY (core.secretKey)');
    expect(refusal({ ...sample, ENVIRONMENT: 'local' })).toBe('');
  });

  it('refuses the embedded database outside of local, unless it is wanted in words', () => {
    expect(refusal({ ENVIRONMENT: 'production' })).toContain('Set DATABASE_URL (core.databaseUrl)');
    expect(refusal({ ENVIRONMENT: 'production', ALLOW_SQLITE_IN_PRODUCTION: 'true' })).toBe('');
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
