import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { BootRefused } from '@platform/kernel';
import { keptSecret } from './kept-secret';
import { pathRefusal } from './path-refusal';

/** Key of what an {@link Environment} knows of the `.env` file that it was read from. */
export const ENV_FILE = Symbol('.env');

/** The names that a `.env` file holds. */
export interface EnvFile {
  /** Those with a value, empty ones included. */
  readonly names: readonly string[];
  /** First words of lines without `=`, which set nothing. */
  readonly unassigned: readonly string[];
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>> & { readonly [ENV_FILE]?: EnvFile };

/**
 * The process environment over `.env` of the working directory (the environment wins), with a SECRET_KEY
 * generated into DATA_DIR and kept there when ENVIRONMENT is local and none is given.
 * @throws BootRefused when there is a `.env` that cannot be read, or DATA_DIR cannot be written
 */
export function readEnvironment(base: Environment = process.env): Environment {
  const text = textOf(resolve('.env'));
  const file = parseEnv(text);
  const known: EnvFile = { names: Object.keys(file), unassigned: unassignedIn(text) };
  const environment: Environment = { ...file, ...base, [ENV_FILE]: known };
  const { DATA_DIR, ENVIRONMENT, SECRET_KEY } = environment;
  if (SECRET_KEY?.trim() || (ENVIRONMENT?.trim() || 'local').toLowerCase() !== 'local') return environment;
  return { ...environment, SECRET_KEY: secretIn(DATA_DIR?.trim() || '.data') };
}

/** What editors write: UTF-8 or UTF-16, with or without a byte order mark, lines ended in any way. */
function textOf(file: string): string {
  if (!existsSync(file)) return '';
  try {
    const bytes = readFileSync(file);
    const encoding = { fffe: 'utf-16le', feff: 'utf-16be' }[bytes.toString('hex', 0, 2)] ?? 'utf-8';
    // The decoder takes the mark away.
    return new TextDecoder(encoding).decode(bytes).replace(/\r\n?/g, '\n');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BootRefused([`${file} cannot be read (${code}): make it a file that this user may read, or remove it`]);
  }
}

function unassignedIn(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]*)\b[^=\n]*$/gm)].map(([, name = '']) => name);
}

function secretIn(dataDir: string): string {
  try {
    return keptSecret(dataDir);
  } catch (error) {
    throw pathRefusal(error, 'DATA_DIR (core.dataDir)', dataDir) ?? error;
  }
}
