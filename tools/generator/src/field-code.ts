import { type Field, type FieldType } from './fields.ts';
import { article, type Name, pluralOf, sentence } from './names.ts';

/** The pieces of code in which fields of one type differ from those of another. */
export interface FieldCode {
  readonly field: Field;
  /** In the entity and the input of the service, without null. */
  readonly codeType: string;
  /** On the wire, without null. */
  readonly wireType: string;
  /** `TextColumn` and its settings beside null, default and unique. */
  readonly column: readonly [helper: string, settings: string, first?: string];
  /** Of the migration: `col.text` and the settings above. */
  readonly kit: string;
  /** From the entity to the wire and back; of a value that is not null. */
  readonly toWire: (value: string) => string;
  readonly fromWire: (value: string) => string;
  /** Decorators of the DTO, with where they come from. */
  readonly rules: readonly (readonly [rule: string, from: 'class-validator' | '@platform/security'])[];
  /** What the DTO says of it. */
  readonly bounds: string;
  /** Options of @ApiProperty beside nullable. */
  readonly api: string;
  /** A value in code, with `serial` in it where rows must differ; and another one on the wire. */
  readonly sample: string;
  readonly other: string;
  /** What is refused: a title and a value. */
  readonly bad: readonly (readonly [title: string, value: string])[];
}

type Kind = Omit<FieldCode, 'field'>;

const same = (value: string): string => value;
const plain = { toWire: same, fromWire: same };
const validator = (...rules: string[]) => rules.map((rule) => [rule, 'class-validator'] as const);
const security = (rule: string) => [[rule, '@platform/security'] as const];
const SAMPLE_ID = "'0198f1c2-6f3a-7000-8000-000000000001'";

const TEXT = { ...plain, codeType: 'string', wireType: 'string' };
const NUMBER = { ...plain, codeType: 'number', wireType: 'number' };

function stringKind({ name, unique }: Field): Kind {
  return {
    ...TEXT,
    column: ['TextColumn', 'length: 255'],
    kit: 'text',
    rules: security('IsDisplayName(255)'),
    bounds: '1–255 characters after trimming',
    api: 'maxLength: 255',
    sample: unique ? `\`${sentence(name.words)} \${serial}\`` : `'${sentence(name.words)} of a test'`,
    other: `'Another ${name.words}'`,
    bad: [
      ['that is blank', "'  '"],
      ['of 256 characters', "'x'.repeat(256)"],
      ['that is a number', '7'],
    ],
  };
}

function textKind({ name }: Field): Kind {
  return {
    ...TEXT,
    column: ['TextColumn', 'length: 2000'],
    kit: 'text',
    rules: validator('IsString()', 'MaxLength(2000)'),
    bounds: 'At most 2000 characters',
    api: 'maxLength: 2000',
    sample: `'${sentence(name.words)} of a test'`,
    other: `'Another ${name.words}'`,
    bad: [
      ['of 2001 characters', "'x'.repeat(2001)"],
      ['that is a number', '7'],
    ],
  };
}

const intKind = ({ unique }: Field): Kind => ({
  ...NUMBER,
  column: ['IntColumn', ''],
  kit: 'int',
  rules: security('IsInt32()'),
  bounds: 'A whole number of 32 bits',
  api: "type: 'integer'",
  sample: unique ? 'serial' : '4',
  other: '5_000_000',
  bad: [
    ['that is no whole number', '1.5'],
    ['that is a text', "'4'"],
    ['beyond 32 bits', '2_147_483_648'],
  ],
});

const bigintKind = ({ unique }: Field): Kind => ({
  ...TEXT,
  column: ['BigIntTextColumn', ''],
  kit: 'bigint',
  rules: validator('Matches(/^(0|-?[1-9]\\d{0,17})$/)'),
  bounds: 'A whole number of up to 18 digits, as text: JSON readers round larger numbers',
  api: "pattern: '^(0|-?[1-9][0-9]{0,17})$'",
  // Above 2^53, where a number would be rounded.
  sample: unique ? 'String(9_007_199_254_740_993n + BigInt(serial))' : "'9007199254740993'",
  other: "'-7'",
  bad: [
    ['that is a number', '7'],
    ['with leading zeros', "'007'"],
    ['of 19 digits', "'9'.repeat(19)"],
  ],
});

const decimalKind = ({ unique }: Field): Kind => ({
  ...NUMBER,
  column: ['BigIntColumn', ''],
  kit: 'bigint',
  rules: security('IsSafeInteger()'),
  bounds: 'In cents: an amount without rounding',
  api: "type: 'integer'",
  sample: unique ? '100 + serial' : '1_999',
  other: '-250',
  bad: [
    ['that is no whole number of cents', '19.99'],
    ['that is a text', "'1999'"],
  ],
});

const booleanKind = (): Kind => ({
  ...plain,
  codeType: 'boolean',
  wireType: 'boolean',
  column: ['BoolColumn', ''],
  kit: 'bool',
  rules: validator('IsBoolean()'),
  bounds: 'True or false',
  api: '',
  sample: 'true',
  other: 'false',
  bad: [['that is a text', "'true'"]],
});

const dateKind = ({ unique }: Field): Kind => ({
  ...TEXT,
  column: ['TextColumn', 'length: 10'],
  kit: 'text',
  rules: security('IsCalendarDate()'),
  bounds: 'A day of the calendar, without a time zone: 2026-11-22',
  api: "format: 'date'",
  sample: unique ? 'new Date(serial * 86_400_000).toISOString().slice(0, 10)' : "'2026-11-22'",
  other: "'2024-02-29'",
  bad: [
    ['that is not in the calendar', "'2026-02-30'"],
    ['with a time', "'2026-11-22T00:00:00Z'"],
  ],
});

const timestampKind = ({ unique }: Field): Kind => ({
  ...plain,
  codeType: 'Date',
  wireType: 'string',
  toWire: (value) => `${value}.toISOString()`,
  fromWire: (value) => `new Date(${value})`,
  column: ['TimeColumn', ''],
  kit: 'time',
  rules: security('IsTimestamp()'),
  bounds: 'An instant with its time zone (RFC 3339), kept in UTC with milliseconds',
  api: "format: 'date-time'",
  sample: unique ? 'new Date(serial)' : "new Date('2026-11-22T09:30:00.250Z')",
  other: "'2027-01-01T00:00:00.000Z'",
  bad: [
    ['that is not in the calendar', "'2026-02-30T00:00:00Z'"],
    ['without a time zone', "'2026-11-22T09:30:00'"],
  ],
});

function enumKind({ name, values }: Field, resource: Name): Kind {
  const list = enumList(resource, name);
  const type = `${resource.pascal}${name.pascal}`;
  return {
    ...plain,
    codeType: type,
    wireType: type,
    column: ['EnumColumn', '', list],
    kit: 'enum',
    rules: validator(`IsIn(${list})`),
    bounds: `One of ${values.join(', ')}`,
    api: `enum: ${list}`,
    sample: `'${values[0]}'`,
    other: `'${values[1]}'`,
    bad: [['that is not in the list', "'neither'"]],
  };
}

const jsonKind = (): Kind => ({
  ...plain,
  codeType: 'JsonObject',
  wireType: 'JsonObject',
  column: ['JsonColumn', ''],
  kit: 'json',
  rules: validator('IsObject()'),
  bounds: 'An object of JSON, whatever is in it',
  api: "type: 'object', additionalProperties: true",
  sample: "{ nested: { list: [1, 'two', null] } }",
  other: '{ nested: {} }',
  bad: [
    ['that is a list', '[1]'],
    ['that is a text', "'{}'"],
  ],
});

const uuidKind = ({ unique }: Field): Kind => ({
  ...TEXT,
  column: ['ReferenceColumn', ''],
  kit: 'ref',
  rules: security('IsCanonicalUuid()'),
  bounds: 'A UUID',
  api: "format: 'uuid'",
  sample: unique ? "`0198f1c2-6f3a-7000-8000-${String(serial).padStart(12, '0')}`" : SAMPLE_ID,
  other: "'0198f1c2-6f3a-7000-8000-0000000000ff'",
  bad: [['that is no UUID', "'1'"]],
});

const KINDS: Record<FieldType, (field: Field, resource: Name) => Kind> = {
  string: stringKind,
  text: textKind,
  int: intKind,
  bigint: bigintKind,
  decimal: decimalKind,
  boolean: booleanKind,
  date: dateKind,
  timestamp: timestampKind,
  enum: enumKind,
  json: jsonKind,
  uuid: uuidKind,
  ref: (field) => ({
    ...uuidKind(field),
    bounds: `Id of ${article(field.target?.resource.replaceAll('-', ' ') ?? '')}`,
  }),
};

/** The code of a field of `resource`. */
export function codeOf(field: Field, resource: Name): FieldCode {
  return { field, ...KINDS[field.type](field, resource) };
}

/** `VEHICLE_STATES` */
export function enumList(resource: Name, field: Name): string {
  return `${resource.snake}_${pluralOf(field).snake}`.toUpperCase();
}

/** The lists and the types of a resource's enumerations. */
export function enumExports(fields: readonly FieldCode[], resource: Name): string[] {
  const enums = fields.filter(({ field }) => field.type === 'enum');
  return enums.flatMap(({ codeType, field }) => [enumList(resource, field.name), `type ${codeType}`]);
}

/** Whether a new row need not say. */
export function isOptional({ field }: FieldCode): boolean {
  return field.nullable || field.default !== undefined;
}

/** Whether a body differs from what the service takes: by a name of two words, or by a time. */
export function isMapped(fields: readonly FieldCode[]): boolean {
  return fields.some(({ codeType, field, wireType }) => field.name.snake !== field.name.camel || codeType !== wireType);
}

/** The default as code: a text in quotes, a number or a word as it is. */
export function defaultCode({ default: value, type }: Field): string | undefined {
  if (value === undefined) return undefined;
  return type === 'string' || type === 'enum' ? `'${value}'` : value;
}

/** `null` passes, what is not is converted. */
export function throughNull(field: Field, value: string, convert: (value: string) => string): string {
  const converted = convert(value);
  return field.nullable && converted !== value ? `${value} === null ? null : ${converted}` : converted;
}
