import { ENV_FILE, type Environment } from './environment';

/** What the names of an environment are held against. */
export interface KnownNames {
  /** Settings that some section reads. */
  readonly settings: ReadonlySet<string>;
  /** Names that are read no more, `NAME_*` for all that begin so → what to set instead. */
  readonly replaced: Readonly<Record<string, string>>;
}

/** Typing errors that still leave the setting recognisable. */
const MOST_ERRORS = 2;
/** In the process environment, where most names are other programs', a shorter name is no sign. */
const LEAST_LENGTH = 8;
/** Key material that lost its quotes is parsed as names too, in mixed case: it must not be printed. */
const NAME = /^(?:[A-Z][A-Z0-9_]{0,63}|[a-z][a-z0-9_]{0,63})$/;

/** One line for each variable that is set and read by nobody, with the setting that was meant; never a value. */
export function strayNames({ settings, replaced }: KnownNames, environment: Environment): string[] {
  const inFile = new Set(environment[ENV_FILE]?.names);
  const lines = (environment[ENV_FILE]?.unassigned ?? [])
    .filter((name) => settings.has(name))
    .map((name) => `${name} in .env is not set: its line has no "="; write ${name}=…`);
  for (const [name, value] of Object.entries(environment)) {
    if (settings.has(name) || !value?.trim()) continue;
    const line = strayLine(name, inFile.has(name), settings, insteadOf(name, replaced));
    if (line) lines.push(line);
  }
  return [...new Set(lines)];
}

function strayLine(name: string, inFile: boolean, settings: Iterable<string>, instead?: string): string | undefined {
  if (instead) return `${name} is not read: ${instead}`;
  if (!inFile) {
    const meant = name.length < LEAST_LENGTH ? undefined : closest(name, settings);
    return meant && `${name} in the environment is not read: did you mean ${meant}?`;
  }
  if (!NAME.test(name))
    return '.env has a line that is no setting: write NAME=value, a value of several lines between quotes';
  const meant = closest(name.toUpperCase(), settings);
  if (meant) return `${name} in .env is not read: did you mean ${meant}?`;
  return `${name} in .env is not read: no setting has this name; correct it, see .env.example, or remove it`;
}

function insteadOf(name: string, replaced: KnownNames['replaced']): string | undefined {
  const found = Object.keys(replaced).find((key) =>
    key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : name === key,
  );
  return found && replaced[found];
}

function closest(name: string, settings: Iterable<string>): string | undefined {
  const [nearest] = [...settings]
    .map((setting) => ({ setting, errors: errorsBetween(name, setting) }))
    .filter(({ errors }) => errors <= MOST_ERRORS)
    .sort((a, b) => a.errors - b.errors);
  return nearest?.setting;
}

/** Letters to insert, leave out or replace (Levenshtein). */
function errorsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_ERRORS) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
