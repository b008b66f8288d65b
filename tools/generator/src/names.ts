import { Refusal } from './refusal.ts';

/** One name in the ways in which it is written. */
export interface Name {
  /** `vehicle-part`: files and folders. */
  readonly kebab: string;
  /** `vehicle_part`: columns, wire names. */
  readonly snake: string;
  /** `vehiclePart`: variables. */
  readonly camel: string;
  /** `VehiclePart`: classes. */
  readonly pascal: string;
  /** `vehicle part`: sentences. */
  readonly words: string;
}

const RESERVED = new Set(
  (
    'abstract any as async await boolean break case catch class const constructor continue debugger declare default ' +
    'delete do else enum export extends false finally for from function get if implements import in instanceof ' +
    'interface is let module namespace never new null number object of package private protected public require ' +
    'return set static string super switch symbol this throw true try type typeof undefined unknown var void while ' +
    'with yield ' +
    // Words of SQL that PostgreSQL or SQLite do not take as the name of a table or column without quotes.
    'all analyse analyze and array asc between both cast check collate column constraint create cross current_date ' +
    'current_time current_timestamp current_user desc distinct end except exists fetch foreign full grant group having ' +
    'index initially inner insert intersect into isnull join lateral leading left like limit natural not notnull offset ' +
    'on only or order outer overlaps placing primary references returning right select session_user similar some table ' +
    'tablesample then to trailing transaction union unique update user using variadic verbose when where window'
  ).split(' '),
);

/** Split `retiredAt`, `retired_at`, `retired-at` or `RetiredAt` into its words, in lower case. */
function wordsOf(text: string): string[] {
  const separated = text.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2');
  return separated
    .toLowerCase()
    .split(/[-_ ]+/)
    .filter(Boolean);
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/**
 * Read a name.
 * @param what names the thing in the refusal, such as `The noun`
 * @throws Refusal for what is no name, is longer than 40 characters or means something in TypeScript or SQL
 */
export function nameOf(text: string, what: string): Name {
  const name = unreserved(text, what);
  if (RESERVED.has(name.snake) || RESERVED.has(name.camel.toLowerCase())) {
    throw new Refusal(`${what} "${text}" is a reserved word of TypeScript or SQL: take another word, or add one to it`);
  }
  return name;
}

/** As {@link nameOf}, where a reserved word does no harm, such as in a class name of several words. */
export function unreserved(text: string, what: string): Name {
  const words = wordsOf(text);
  const kebab = words.join('-');
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(kebab) || !/^[A-Za-z0-9_-]+$/.test(text)) {
    throw new Refusal(
      `${what} "${text}" is no name: write letters and digits, such as fleet, vehicle-part or retiredAt`,
    );
  }
  if (kebab.length > 40) throw new Refusal(`${what} "${text}" is longer than 40 characters: take a shorter one`);
  const pascal = words.map(capital).join('');
  return {
    kebab,
    snake: words.join('_'),
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    pascal,
    words: words.join(' '),
  };
}

/** The plural of a noun by the common rules of English; `--plural` says another. */
export function pluralOf(noun: Name, given?: string): Name {
  if (given) return nameOf(given, 'The plural');
  const text = noun.kebab;
  if (/[^aeiou]y$/.test(text)) return nameOf(`${text.slice(0, -1)}ies`, 'The plural');
  return nameOf(/(s|x|z|ch|sh)$/.test(text) ? `${text}es` : `${text}s`, 'The plural');
}

/** `a vehicle`, `an inspection`. */
export function article(words: string): string {
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

/** `Vehicles of the fleet`, from `vehicles of the fleet`. */
export function sentence(text: string): string {
  return capital(text);
}

/** Break a text into lines of a comment, each beginning with `prefix`, within the house's 120 columns. */
export function wrapped(text: string, prefix: string): string {
  const lines: string[] = [];
  let line = prefix;
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > 119) {
      lines.push(line);
      line = prefix;
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
