import { type Name, nameOf } from './names.ts';
import { Refusal } from './refusal.ts';
import { mustBeFree } from './reserved.ts';

/** The types that a field may have, by the word that a person writes. */
export const FIELD_TYPES = [
  'string',
  'text',
  'int',
  'bigint',
  'decimal',
  'boolean',
  'date',
  'timestamp',
  'enum',
  'json',
  'uuid',
  'ref',
] as const;

/** One of {@link FIELD_TYPES}. */
export type FieldType = (typeof FIELD_TYPES)[number];

/** One field of a resource, as a person described it. */
export interface Field {
  readonly name: Name;
  readonly type: FieldType;
  /** `?`: may be null. */
  readonly nullable: boolean;
  /** No two rows of one owner (of the table, when shared) have the same. */
  readonly unique: boolean;
  readonly index: boolean;
  /** What a new row gets that does not say. */
  readonly default?: string;
  /** Of an enumeration. */
  readonly values: readonly string[];
  /** Of a reference. */
  readonly target?: { readonly domain: string; readonly resource: string };
}

/** The long names of the issue are the same types. */
const ALIASES: Record<string, FieldType> = { 'bigint-as-string': 'bigint', 'decimal-as-cents': 'decimal' };
const WITH_DEFAULT: readonly FieldType[] = ['string', 'int', 'boolean', 'enum'];
const WITHOUT_UNIQUE: readonly FieldType[] = ['text', 'boolean', 'json'];
const MOST_FIELDS = 24;
const MOST_REFERENCES = 4;
const SPEC = /^(?<name>[^:]+):(?<type>[a-z-]+)(?:\((?<inside>[^()]*)\))?(?<nullable>\?)?(?<modifiers>(?::.*)?)$/;

/**
 * Read `name:type` with its modifiers `?`, `:unique`, `:index`, `:default=…`.
 * @throws Refusal naming the field, what is wrong with it, and what it may be
 */
export function fieldOf(text: string): Field {
  const found = SPEC.exec(text)?.groups;
  if (!found) throw refused(text, 'is not name:type', 'write it as plate:string:unique or retiredAt:date?');
  const type = typeOf(text, found.type ?? '');
  const modifiers = modifiersOf(text, found.modifiers ?? '');
  const field: Field = {
    name: fieldName(found.name ?? '', type),
    type,
    nullable: found.nullable === '?' || modifiers.nullable,
    unique: modifiers.unique,
    index: modifiers.index,
    values: type === 'enum' ? valuesOf(text, found.inside) : [],
    ...(modifiers.default === undefined ? {} : { default: modifiers.default }),
    ...(type === 'ref' ? { target: targetOf(text, found.inside) } : {}),
  };
  if (found.inside !== undefined && type !== 'enum' && type !== 'ref')
    throw refused(text, `takes nothing in brackets`, `write ${field.name.camel}:${type}`);
  checkModifiers(text, field);
  return field;
}

/** Read all fields of a resource. @throws Refusal as {@link fieldOf}, and for none, too many or two of one name */
export function fieldsOf(texts: readonly string[]): Field[] {
  const fields = texts.map(fieldOf);
  if (fields.length === 0) throw new Refusal('A resource needs a field: write at least one, such as name:string');
  if (fields.length > MOST_FIELDS)
    throw new Refusal(
      `A resource has at most ${MOST_FIELDS} fields, these are ${fields.length}: make two resources of it`,
    );
  if (fields.filter(({ type }) => type === 'ref').length > MOST_REFERENCES)
    throw new Refusal(
      `A resource refers to at most ${MOST_REFERENCES} others, so that its service injects no more than five things`,
    );
  const names = fields.map(({ name }) => name.snake);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Refusal(`The field "${twice}" is there twice: rename or drop one`);
  return fields;
}

function refused(text: string, problem: string, fix: string): Refusal {
  return new Refusal(`The field "${text}" ${problem}: ${fix}`);
}

function typeOf(text: string, word: string): FieldType {
  const type = ALIASES[word] ?? FIELD_TYPES.find((known) => known === word);
  if (!type) throw refused(text, `has the unknown type "${word}"`, `take one of ${FIELD_TYPES.join(', ')}`);
  return type;
}

function fieldName(text: string, type: FieldType): Name {
  const wanted = type === 'ref' && !/(Id|[-_]id)$/.test(text) ? `${text}-id` : text;
  return mustBeFree(nameOf(wanted, 'The field'), 'field');
}

function modifiersOf(text: string, tail: string) {
  const given = { nullable: false, unique: false, index: false, default: undefined as string | undefined };
  let rest = tail.replace(/\?$/, () => ((given.nullable = true), ''));
  // What follows `default=` may hold colons, so it comes last.
  rest = rest.replace(/:default=(.*)$/, (_all, value: string) => ((given.default = value), ''));
  for (const word of rest.split(':').slice(1)) {
    if (word !== 'unique' && word !== 'index')
      throw refused(text, `has the unknown modifier "${word}"`, 'take ?, :unique, :index or, as the last, :default=…');
    given[word] = true;
  }
  return given;
}

function valuesOf(text: string, inside: string | undefined): string[] {
  const values = (inside ?? '').split('|').filter(Boolean);
  if (
    values.length < 2 ||
    new Set(values).size < values.length ||
    !values.every((value) => /^[a-z][a-z0-9_]{0,31}$/.test(value))
  )
    throw refused(
      text,
      'needs two or more different lower-case words',
      "write it as 'state:enum(new|used)', with the quotes",
    );
  return values;
}

function targetOf(text: string, inside: string | undefined): { domain: string; resource: string } {
  const [domain, resource, ...more] = (inside ?? '').split('.');
  if (!domain || !resource || more.length > 0)
    throw refused(text, 'does not say what it refers to', "write it as 'vehicle:ref(fleet.vehicle)', with the quotes");
  return { domain: nameOf(domain, 'The domain').kebab, resource: nameOf(resource, 'The resource').kebab };
}

function checkModifiers(text: string, field: Field): void {
  if (field.unique && WITHOUT_UNIQUE.includes(field.type))
    throw refused(text, `cannot be unique`, `${WITHOUT_UNIQUE.join(', ')} are not comparable as a key: drop :unique`);
  if (field.index && field.type === 'json') throw refused(text, 'cannot be indexed', 'drop :index');
  if (field.default === undefined) return;
  if (!WITH_DEFAULT.includes(field.type))
    throw refused(text, 'cannot have a default', `only ${WITH_DEFAULT.join(', ')} can: drop it`);
  if (field.unique)
    throw refused(text, 'is unique and has a default', 'the second row would be refused: drop one of them');
  const isGood = {
    string: /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,254}$/u.test(field.default),
    int: /^-?\d{1,9}$/.test(field.default),
    boolean: /^(true|false)$/.test(field.default),
    enum: field.values.includes(field.default),
  }[field.type as 'string' | 'int' | 'boolean' | 'enum'];
  if (!isGood) throw refused(text, `has a default that no ${field.type} of this field can be`, 'correct it or drop it');
}
