import { CoreConfig, LoadedSettings } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { ObservabilityConfig } from './observability.config';

const LOCAL = { SECRET_KEY: 'k7Jq0xv9ZrT2mWn4pLs8yBc1dFg6hAe3' };
const PRODUCTION = {
  ...LOCAL,
  ENVIRONMENT: 'production',
  DATABASE_URL: 'postgres://localhost/app',
  PUBLIC_BASE_URL: 'https://api.example.com',
};

const load = (environment: Record<string, string>) =>
  LoadedSettings.load([CoreConfig, ObservabilityConfig], environment);

describe('LOG_LEVEL', () => {
  it.each([
    ['trace', 'TRACE'],
    ['debug', 'DEBUG'],
    ['info', 'INFO'],
    ['warn', 'WARNING'],
    ['warning', 'WARNING'],
    ['error', 'ERROR'],
    ['fatal', 'FATAL'],
  ])('takes %s in any case', (word, level) => {
    for (const text of [word, word.toUpperCase(), ` ${word.charAt(0).toUpperCase()}${word.slice(1)} `]) {
      expect(load({ ...LOCAL, LOG_LEVEL: text }).get(ObservabilityConfig).logLevel).toBe(level);
    }
  });

  it('is INFO without a word, and names its words when it gets another', () => {
    expect(load(LOCAL).get(ObservabilityConfig).logLevel).toBe('INFO');
    expect(() => load({ ...LOCAL, LOG_LEVEL: 'loud' })).toThrow(
      'expected trace, debug, info, warn, warning, error or fatal',
    );
  });

  it('stands for DEBUG, which is not read', () => {
    expect(load({ ...LOCAL, DEBUG: 'true' }).strayNames).toEqual(['DEBUG is not read: set LOG_LEVEL=debug']);
  });
});

describe('METRICS_TOKEN', () => {
  it('is missed in production, which starts without it', () => {
    expect(load(PRODUCTION).advice).toEqual([expect.stringContaining('Set METRICS_TOKEN')]);
    expect(load({ ...PRODUCTION, METRICS_TOKEN: 'a-token-for-the-scraper' }).advice).toEqual([]);
    expect(load(LOCAL).advice).toEqual([]);
  });

  it('is refused outside of local when it can be guessed', () => {
    const weak = { METRICS_TOKEN: 'a'.repeat(16) };

    expect(() => load({ ...PRODUCTION, ...weak })).toThrow(BootRefused);
    expect(() => load({ ...PRODUCTION, ...weak })).toThrow(/Replace METRICS_TOKEN .* can be guessed/);
    expect(load({ ...LOCAL, ...weak }).get(ObservabilityConfig).metricsToken).toBe(weak.METRICS_TOKEN);
  });
});
