import { flag, integer, list, rate, setting, settings } from '@platform/config';
import { z } from 'zod';
import { environmentExample, settingLines, settingsPage } from './settings-page';

class MailConfig extends settings('mail', {
  from: setting('MAIL_FROM', z.string(), 'Sender of every mail.'),
  key: setting('MAIL_KEY', z.string().default('do-not-print'), 'Key of the provider.', { secret: true }),
}) {}

class HttpConfig extends settings('http', {
  port: setting('PORT', integer(0, 65_535).default(3000), 'Listen port.'),
  docs: setting('API_DOCS_ENABLED', flag().optional(), 'Serve the docs | or not.'),
  limit: setting('RATE_LIMIT_DEFAULT', rate().default({ limit: 60, windowSeconds: 60 }), 'Anonymous rate.'),
  origins: setting('ORIGINS', list().default(['http://a.test', 'http://b.test']), 'Allowed origins.'),
}) {}

const lines = settingLines([MailConfig, HttpConfig]);

describe('the settings reference', () => {
  it('orders sections by name and keeps the declared order within', () => {
    expect(lines.map((line) => line.key)).toEqual([
      'PORT',
      'API_DOCS_ENABLED',
      'RATE_LIMIT_DEFAULT',
      'ORIGINS',
      'MAIL_FROM',
      'MAIL_KEY',
    ]);
  });

  it('writes defaults as the environment would say them', () => {
    expect(lines.slice(0, 4).map((line) => line.fallback)).toEqual([
      '3000',
      '',
      '60/minute',
      'http://a.test,http://b.test',
    ]);
  });

  it('marks a setting without value and default as required', () => {
    expect(lines.filter((line) => line.required).map((line) => line.key)).toEqual(['MAIL_FROM']);
    expect(settingsPage(lines)).toContain('| `MAIL_FROM` | required |');
  });

  it('never shows the default of a secret', () => {
    expect(settingsPage(lines) + environmentExample(lines)).not.toContain('do-not-print');
    expect(environmentExample(lines)).toContain('# MAIL_KEY=\n');
  });

  it('escapes what would break a table', () => {
    expect(settingsPage(lines)).toContain(String.raw`Serve the docs \| or not.`);
  });

  it('says what to set instead of names that are read no more', () => {
    expect(settingsPage(lines)).not.toContain('Read no more');
    expect(settingsPage(lines, { 'OLD_*': 'set PORT' })).toMatch(/## Read no more[\s\S]*\| `OLD_\*` \| set PORT \|/);
  });

  it('comments every example out, so that a copied file changes nothing', () => {
    const active = environmentExample(lines)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(active).toEqual([]);
  });
});
