import { createHash } from 'node:crypto';
import { type Schema } from './schemas';

/** By format: what JSON schema itself names. */
const BY_FORMAT: Readonly<Record<string, (name: string) => unknown>> = {
  email: () => 'ada@example.com',
  uri: () => 'https://example.com/ada.png',
  uuid: (name) => `0198f1c2-6f3a-7000-8000-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`,
  date: () => '2026-11-22',
  'date-time': (name) =>
    /(expires|due|until|end)/.test(name) ? '2026-12-22T09:30:00.000Z' : '2026-11-22T09:30:00.000Z',
};

/** By the name of a text: the first that fits its schema counts. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/email$/, 'ada@example.com'],
  [/^new_password$/, 'staple battery horse correct'],
  [/password$/, 'correct horse battery'],
  [/full_name$/, 'Ada Example'],
  [/(url|uri)$/, 'https://example.com/ada.png'],
  [/(^|_)id$/, '0198f1c2-6f3a-7000-8000-000000000001'],
  [/access_token$/, 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl'],
  [/token$/, 'q3T9xWm2Yc7Lr0VbKf5HnZs8JdPaUe1G'],
  [/code$/, '492039'],
  [/address$/, '203.0.113.7'],
  [/environment$/, 'local'],
  [/version$/, '1.0.0'],
  [/^type$/, 'about:blank'],
  [/^(message|detail|error)$/, 'What happened, in words for people'],
  [/scope$|permission$/, 'users.read_own'],
  [/description$|notes?$|text$|reason$|summary$/, 'A few words about it'],
];

/** By the name of a number. */
const NUMBERS: readonly (readonly [RegExp, number])[] = [
  [/^skip$/, 0],
  [/^limit$/, 20],
  [/^total$/, 42],
  [/^status$/, 404],
  [/expires_in$/, 900],
  [/_seconds$/, 3_600],
  [/_minutes$/, 60],
  [/(price|amount|cents)/, 1_999],
];

/**
 * A schema in which every property has an example that it accepts: what somebody wrote (`@example` in the comment of
 * the property), else one by its format, its name, or what the schema is of.
 */
export function withExamples(name: string, schema: Schema): Schema {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  if (properties.length === 0) return schema;
  const subject = subjectOf(name);
  const shown = properties.map(([property, part]) => [property, propertyWithExample(property, part, subject)]);
  return { ...schema, properties: Object.fromEntries(shown) as Record<string, Schema> };
}

function propertyWithExample(name: string, part: Schema, subject: string): Schema {
  if (part.properties) return withExamples(subject, part);
  if ('example' in part || 'examples' in part || '$ref' in part || 'allOf' in part) return part;
  const example = exampleOf(name, part, subject);
  return example === undefined ? part : { ...part, example };
}

/** `CreateProjectDto` → `project`: what a schema is of. */
function subjectOf(name: string): string {
  const words = name.replace(/Dto$/, '').replace(/^(Create|Update|Rename|Readable|Admin|List)(?=[A-Z])/, '');
  return words.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function exampleOf(name: string, schema: Schema, subject: string): unknown {
  const [first] = (schema.enum ?? []) as unknown[];
  if (first !== undefined) return first;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  const type = [schema.type].flat().find((one) => one !== 'null');
  if (type === 'string') return textOf(name, schema, subject);
  if (type === 'integer' || type === 'number') return numberOf(name, schema);
  if (type === 'boolean') return true;
  if (type === 'object') return {};
  return type === 'array' ? listOf(name, (schema.items ?? {}) as Schema, subject) : undefined;
}

function listOf(name: string, items: Schema, subject: string): unknown[] | undefined {
  const example = items.example ?? exampleOf(name.replace(/s$/, ''), items, subject);
  return example === undefined ? undefined : [example];
}

function textOf(name: string, schema: Schema, subject: string): unknown {
  const format = BY_FORMAT[String(schema.format)];
  if (format) return format(name);
  const words = name.replaceAll('_', ' ');
  const own = /^(name|title|label)$/.test(name)
    ? `Example ${subject}`
    : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  const candidates = TEXTS.filter(([pattern]) => pattern.test(name)).map(([, text]) => text);
  return [...candidates, own, '42', 'A1'].find((text) => fits(text, schema));
}

function fits(text: string, { maxLength, minLength, pattern }: Schema): boolean {
  if (text.length < Number(minLength ?? 0) || text.length > Number(maxLength ?? Infinity)) return false;
  return typeof pattern !== 'string' || new RegExp(pattern).test(text);
}

function numberOf(name: string, { maximum, minimum }: Schema): unknown {
  const candidates = NUMBERS.filter(([pattern]) => pattern.test(name)).map(([, number]) => number);
  return [...candidates, 3, minimum, maximum].find(
    (number) => Number(number) >= Number(minimum ?? -Infinity) && Number(number) <= Number(maximum ?? Infinity),
  );
}
