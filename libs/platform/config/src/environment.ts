import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

/** Environment variables by name. */
export type Environment = Record<string, string | undefined>;

/**
 * The process environment over `.env` of the working directory (the environment wins), with a SECRET_KEY
 * generated into DATA_DIR and kept there when ENVIRONMENT is local and none is given.
 */
export function readEnvironment(base: Environment = process.env): Environment {
  const file = resolve('.env');
  const environment: Environment = { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...base };
  if (!environment.SECRET_KEY && (environment.ENVIRONMENT || 'local') === 'local') {
    environment.SECRET_KEY = keptSecret(environment.DATA_DIR || '.data');
  }
  return environment;
}

function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'secret-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600 });
  try {
    // A link appears whole or not at all: nobody reads a secret that is half written.
    linkSync(draft, file);
  } catch (error) {
    // Two processes began at once: the other one's secret counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}
