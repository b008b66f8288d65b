import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { entryOf } from '../support/app-process';

const ROOT = resolve(__dirname, '../..');

describe('the generated reference', () => {
  it('says what the built code does: docs/reference and .env.example are as `npm run docs` writes them', () => {
    let said: string;
    try {
      said = execFileSync(process.execPath, [entryOf('cli'), 'docs', 'check'], { cwd: ROOT, encoding: 'utf8' });
    } catch (error) {
      // A child that ends with another code than 0 carries what it said.
      said = (error as { stdout?: string; stderr?: string }).stdout || String((error as { stderr?: string }).stderr);
    }
    expect(said.trim()).toBe('The reference says what the code does');
  }, 60_000);

  it('has every setting in .env.example exactly once, commented out', () => {
    const example = readFileSync(resolve(ROOT, '.env.example'), 'utf8');
    const keys = [...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
    expect(keys.length).toBeGreaterThan(20);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining(['SECRET_KEY', 'DATABASE_URL', 'REDIS_URL', 'PORT', 'WORKER']));
  });
});
