import { type Name } from './names.ts';
import { Refusal } from './refusal.ts';
import { untagged } from './tags.ts';

/**
 * Words that names cannot be because of something outside of the generated code. What they cannot be because of the
 * code itself is found by writing it: rehearsal.ts.
 */
interface Ban {
  readonly why: string;
  readonly holds: (name: Name) => boolean;
}

/** What a name is for. */
export type Role = 'domain' | 'resource' | 'plural' | 'field';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Not taken without quotes: by PostgreSQL (`pg_get_keywords()`, R and T) or by SQLite (sqlite.org/lang_keywords.html). */
export const SQL_KEYWORDS = words(`
  add all alter analyse analyze and any array as asc asymmetric authorization autoincrement between binary both case cast
  check collate collation column commit concurrently constraint create cross current_catalog current_date current_role
  current_schema current_time current_timestamp current_user default deferrable delete desc distinct do drop else end
  escape except exists false fetch for foreign freeze from full grant group having ilike in index initially inner insert
  intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not nothing notnull null
  offset on only or order outer overlaps placing primary raise references returning right select session_user set similar
  some symmetric system_user table tablesample then to trailing transaction true union unique update user using values
  variadic verbose when where window with`);

/** Columns that every table of a database has already. */
const SYSTEM_COLUMNS = words('cmax cmin ctid oid rowid tableoid xmax xmin');

/** Tables of the migrations themselves. */
const LEDGERS = words('migrations schema_ledger typeorm_metadata');

/** Columns that every resource has. */
const OWN_COLUMNS = words('id owner_id version created_at updated_at');

/** What every object has by birth, and what no body may name (libs/platform/http). */
const OF_OBJECTS = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** The compiler writes these into every decorated class, as the types of its properties. */
const METADATA = words('Array BigInt Boolean Function Number Object Promise String Symbol');

/** Folders that a domain is made of. */
const FOLDERS = words('api cli contract entities migrations testing worker');

/** Says nothing about what is in it: test/architecture/names.arch-spec.ts refuses such files. */
export const SAYS_NOTHING = /^(utils?|helpers?|common|misc|shared|types|constants|interfaces)$/;

const DEVICES = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])$/;

const isWord = (set: ReadonlySet<string>, pick: (name: Name) => string) => (name: Name) => set.has(pick(name));
const snake = ({ snake: text }: Name): string => text;
const KEYWORD: Ban = { why: 'is a keyword of SQL', holds: isWord(SQL_KEYWORDS, snake) };

const OF_FILES: readonly Ban[] = [
  {
    why: 'says nothing of what is in it, and an architecture test refuses such files',
    holds: ({ kebab }) => SAYS_NOTHING.test(kebab),
  },
  { why: 'is a device on Windows, where no file can be called so', holds: ({ kebab }) => DEVICES.test(kebab) },
];

const BANS: Record<Role, readonly Ban[]> = {
  domain: [
    ...OF_FILES,
    { why: 'is the folder of mechanism without business meaning', holds: ({ kebab }) => kebab === 'platform' },
    {
      why: 'is longer than 30 characters, and the names of statements that begin with it would be cut',
      holds: ({ kebab }) => untagged(kebab).length > 30,
    },
    { why: 'is what folders of tests are called', holds: ({ kebab }) => /^test(s|ing)?$/.test(kebab) },
  ],
  resource: [
    ...OF_FILES,
    { why: 'ends in "entity", and an entity is called what it is', holds: ({ kebab }) => /(^|-)entity$/.test(kebab) },
    {
      why: 'is a type that the compiler writes into decorated classes',
      holds: isWord(METADATA, ({ pascal }) => pascal),
    },
  ],
  plural: [
    ...OF_FILES,
    KEYWORD,
    { why: 'is a folder that every domain has', holds: isWord(FOLDERS, ({ kebab }) => kebab) },
    { why: 'is a table of the migrations', holds: isWord(LEDGERS, snake) },
    { why: 'begins with what the database keeps for itself', holds: ({ snake: text }) => /^(sqlite|pg)_/.test(text) },
    { why: 'begins as the names of indexes and keys do', holds: ({ snake: text }) => /^(ix|pk|fk|ck)_/.test(text) },
  ],
  field: [
    KEYWORD,
    { why: 'is a column that the database gives every table', holds: isWord(SYSTEM_COLUMNS, snake) },
    { why: `is one that every resource has (${[...OWN_COLUMNS].join(', ')})`, holds: isWord(OWN_COLUMNS, snake) },
    {
      why: 'is a member that every object has',
      holds: ({ camel, snake: text }) => OF_OBJECTS.has(camel) || OF_OBJECTS.has(text),
    },
  ],
};

const ROLES: Record<Role, string> = {
  domain: 'The domain',
  resource: 'The resource',
  plural: 'The plural',
  field: 'The field',
};

/** @throws Refusal with the reason for a new name that cannot be one, whatever is written about it */
export function mustBeFree(name: Name, role: Role): Name {
  const ban = BANS[role].find(({ holds }) => holds(name));
  if (ban) throw new Refusal(`${ROLES[role]} "${name.kebab}" ${ban.why}: take another word, or add one to it`);
  return name;
}
