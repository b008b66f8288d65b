import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { keptSecret } from './kept-secret';
import { pathRefusal } from './path-refusal';

/** Environment variables by name. */
export type Environment = Record<string, string | undefined>;

/**
 * The process environment over `.env` of the working directory (the environment wins), with a SECRET_KEY
 * generated into DATA_DIR and kept there when ENVIRONMENT is local and none is given.
 * @throws BootRefused when DATA_DIR cannot be written
 */
export function readEnvironment(base: Environment = process.env): Environment {
  const file = resolve('.env');
  const environment: Environment = { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...base };
  if (!environment.SECRET_KEY && (environment.ENVIRONMENT || 'local') === 'local') {
    environment.SECRET_KEY = secretIn(environment.DATA_DIR || '.data');
  }
  return environment;
}

function secretIn(dataDir: string): string {
  try {
    return keptSecret(dataDir);
  } catch (error) {
    throw pathRefusal(error, 'DATA_DIR (core.dataDir)', dataDir) ?? error;
  }
}
