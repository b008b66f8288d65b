import { type FieldCode } from '../field-code.ts';
import { type ResourcePlan } from '../resource-plan.ts';

const STATEMENTS = [
  'find_visible',
  'lock_visible',
  'page_newest',
  'page_newest_after',
  'insert',
  'update',
  'delete',
] as const;

/** What the statements of a resource are called. */
export function statementNames(plan: ResourcePlan): string[] {
  return STATEMENTS.map((what) => `${statementPrefix(plan)}.${what}`);
}

/** The SQL of a resource. */
export function statementsTemplate(plan: ResourcePlan): string {
  const { fields, many, one, shared } = plan;
  const enums = fields.filter(({ field }) => field.type === 'enum').map(({ rowType }) => `type ${rowType}`);
  const columns = fields.map(({ field }) => `'${field.name.snake}'`);
  const name = (what: (typeof STATEMENTS)[number]) => `'${statementPrefix(plan)}.${what}'`;
  return `
import { statement } from '@platform/database';
${enums.length > 0 ? `import { ${enums.join(', ')} } from '${plan.up}entities/${one.kebab}.entity';` : ''}

/** A row as the statements below give it. */
export interface ${one.pascal}Row {
  id: string;
${fields.map(rowLine).join('\n')}
${shared ? '' : '  owner_id: string;\n'}  version: number;
  created_at: Date | string;
  updated_at: Date | string;
}

/** A row of a page: the count of all beside one ${one.words}, or beside none when the slice is empty. */
export type ${one.pascal}PageRow = { total: number | string } & (${one.pascal}Row | { id: null });

const CHANGEABLE = [${columns.join(', ')}];
const COLUMNS = ['id', ...CHANGEABLE, ${shared ? '' : "'owner_id', "}'version', 'created_at', 'updated_at'];
${selected(fields)}const VISIBLE = '${shared ? 'TRUE' : 'owner_id = :owner_id'}';
const NEWEST_FIRST = 'created_at DESC, id DESC';

/** One slice and the count of all in one round trip. */
function page(slice: string): string {
  return \`
    SELECT counted.total, page.*
    FROM (SELECT COUNT(*) AS total FROM ${many.snake} WHERE \${VISIBLE}) counted
    LEFT JOIN (SELECT \${SELECTED} FROM ${many.snake} WHERE \${VISIBLE} \${slice}) page ON TRUE
    ORDER BY \${NEWEST_FIRST}\`;
}

const FIND = \`SELECT \${SELECTED} FROM ${many.snake} WHERE id = :id AND \${VISIBLE}\`;

export const FIND_VISIBLE = statement(${name('find_visible')}, FIND);
// SQLite lets one writer in at a time; a row needs no lock there.
export const LOCK_VISIBLE = statement(${name('lock_visible')}, { postgres: \`\${FIND} FOR UPDATE\`, sqlite: FIND });

export const PAGE_NEWEST = statement(${name('page_newest')}, page(\`ORDER BY \${NEWEST_FIRST} LIMIT :limit OFFSET :skip\`));
export const PAGE_NEWEST_AFTER = statement(
  ${name('page_newest_after')},
  page(\`AND (created_at, id) < (:after, :after_id) ORDER BY \${NEWEST_FIRST} LIMIT :limit\`),
);

export const INSERT = statement(
  ${name('insert')},
  \`INSERT INTO ${many.snake} (\${COLUMNS.join(', ')}) VALUES (\${COLUMNS.map((column) => \`:\${column}\`).join(', ')})\`,
);

export const UPDATE = statement(
  ${name('update')},
  \`UPDATE ${many.snake}
   SET \${CHANGEABLE.map((column) => \`\${column} = :\${column}\`).join(', ')}, updated_at = :updated_at, version = version + 1
   WHERE id = :id AND version = :version\`,
);

export const DELETE = statement(${name('delete')}, 'DELETE FROM ${many.snake} WHERE id = :id AND version = :version');`;
}

/** Statements are named once in the process: `fleet.vehicles`, `projects`. */
function statementPrefix({ flat, many, place }: ResourcePlan): string {
  return flat ? place.name.kebab : `${place.name.kebab}.${many.kebab}`;
}

function rowLine({ field, rowType }: FieldCode): string {
  return `  ${field.name.snake}: ${rowType}${field.nullable && rowType !== 'unknown' ? ' | null' : ''};`;
}

function selected(fields: readonly FieldCode[]): string {
  const cast = fields.filter(({ field, selected: text }) => text !== field.name.snake);
  if (cast.length === 0) return "const SELECTED = COLUMNS.join(', ');\n";
  const entries = cast.map(({ field, selected: text }) => `${field.name.snake}: '${text}'`).join(', ');
  return `// A driver reads such a number rounded or as text, by engine; as text it is exact on both.
const EXACT: Record<string, string> = { ${entries} };
const SELECTED = COLUMNS.map((column) => EXACT[column] ?? column).join(', ');
`;
}
