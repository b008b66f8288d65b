import { CoreConfig, LoadedSettings } from '@platform/config';
import { configureLogging } from '@platform/observability';
import { type RenderedMail } from '../mail-transport';
import { ConsoleTransport } from './console.transport';
import { maskAddress } from './mask-address';

const MAIL: RenderedMail = {
  key: 'reset:1',
  id: 'console-0123456789ab',
  from: 'The Gardener <garden@example.org>',
  to: 'zoe@example.org',
  subject: 'Zoë, your new password',
  template: 'password_reset',
  html: '<p>hush</p>',
  text: `Follow https://example.org/reset/one-time-secret ${'.'.repeat(600)}`,
};

async function lineIn(environment: 'local' | 'staging' | 'production'): Promise<string> {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  configureLogging({ level: 'INFO', format: 'json', service: 'test', environment, destination });
  const core = LoadedSettings.load([CoreConfig], {
    ENVIRONMENT: environment,
    SECRET_KEY: 'k7Jq0xv9ZrT2mWn4pLs8yBc1dFg6hAe3',
    PUBLIC_BASE_URL: 'https://api.example.com',
    DATABASE_URL: 'postgres://localhost/none',
  }).get(CoreConfig);
  await new ConsoleTransport(core).deliver(MAIL);
  return lines.join('');
}

describe('ConsoleTransport', () => {
  it('shows subject, recipient and the beginning of the text to a developer', async () => {
    const line = await lineIn('local');

    expect(line).toContain('Mail to zoe@example.org: Zoë, your new password');
    expect(line).toContain('https://example.org/reset/');
    expect(line).not.toContain('.'.repeat(500));
  });

  it.each(['staging', 'production'] as const)(
    'writes neither person nor link to the log of %s',
    async (environment) => {
      const line = await lineIn(environment);

      expect(line).toContain('console-0123456789ab');
      expect(line).toContain('z***@example.org');
      for (const personal of ['zoe', 'Zoë', 'one-time-secret', 'https://', 'hush'])
        expect(line).not.toContain(personal);
    },
  );
});

describe('maskAddress', () => {
  it.each([
    ['zoe@example.org', 'z***@example.org'],
    ['nonsense', '***'],
    ['@example.org', '***'],
  ])('turns %s into %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });
});
