import { Refusal } from './refusal.ts';
import { untagged } from './tags.ts';

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
 * @param what names the thing in the refusal, such as `The resource`
 * @throws Refusal for what is no name, is longer than `longest` characters or has another form when it is read back
 */
export function nameOf(text: string, what: string, longest = 40): Name {
  const words = wordsOf(text);
  const kebab = words.join('-');
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(kebab) || !/^[A-Za-z0-9_-]+$/.test(text)) {
    throw new Refusal(
      `${what} "${text}" is no name: write letters and digits, such as fleet, vehicle-part or retiredAt`,
    );
  }
  if (untagged(kebab).length > longest)
    throw new Refusal(`${what} "${text}" is longer than ${longest} characters: take a shorter one`);
  const name = formsOf(words);
  if (wordsOf(name.pascal).join('-') !== kebab || columnOf(name.camel) !== name.snake)
    throw new Refusal(
      `${what} "${text}" has a single letter that runs into its neighbour in \`${name.pascal}\`: join the two, or write it out`,
    );
  return name;
}

/** The column of a property, as libs/platform/database/src/naming.ts has it. */
export function columnOf(property: string): string {
  return property.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function formsOf(words: readonly string[]): Name {
  const pascal = words.map(capital).join('');
  return {
    kebab: words.join('-'),
    snake: words.join('_'),
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    pascal,
    words: words.join(' '),
  };
}

/** The plural of a resource by the common rules of English; `--plural` says another. */
export function pluralOf(resource: Name, given?: string): Name {
  if (given) return nameOf(given, 'The plural');
  const plain = untagged(resource.kebab);
  const ending = /[^aeiou]y$/.test(plain) ? 'ies' : /(s|x|z|ch|sh)$/.test(plain) ? 'es' : 's';
  return formsOf(`${ending === 'ies' ? resource.kebab.slice(0, -1) : resource.kebab}${ending}`.split('-'));
}

/** The word whose plural by the common rules this is; undefined for one that is none. */
export function singularOf(many: Name): Name | undefined {
  const { kebab } = many;
  const candidates = [kebab.replace(/ies$/, 'y'), kebab.replace(/es$/, ''), kebab.replace(/s$/, '')];
  const found = candidates
    .filter((text) => /[a-z]/.test(text))
    .find((text) => pluralOf(formsOf(text.split('-'))).kebab === kebab);
  return found === undefined ? undefined : formsOf(found.split('-'));
}

/** `a vehicle`, `an inspection`. */
export function article(words: string): string {
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

/** `Vehicles of the fleet`, from `vehicles of the fleet`. */
export function sentence(text: string): string {
  return capital(text);
}
