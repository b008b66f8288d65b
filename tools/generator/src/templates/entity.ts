import { defaultCode, enumList, type FieldCode, throughNull } from '../field-code.ts';
import { type ResourcePlan } from '../resource-plan.ts';
import { article } from '../names.ts';

const withNull = ({ field }: FieldCode, type: string): string => (field.nullable ? `${type} | null` : type);

/** Columns that a list, a key or a reference is found by: partial names in code, as the entity writes them. */
export function indexesOf({
  fields,
  shared,
}: ResourcePlan): { columns: { camel: string; snake: string }[]; unique: boolean }[] {
  const owner = shared ? [] : [{ camel: 'ownerId', snake: 'owner_id' }];
  const list = [...owner, { camel: 'createdAt', snake: 'created_at' }, { camel: 'id', snake: 'id' }];
  const keys = fields.filter(({ field }) => field.unique || field.index || field.type === 'ref');
  return [
    { columns: list, unique: false },
    ...keys.map(({ field }) => ({
      // A reference is looked for from its other end, whoever owns the row.
      columns: field.type === 'ref' && !field.unique ? [field.name] : [...owner, field.name],
      unique: field.unique,
    })),
  ];
}

/** The columns, and the small methods that keep them consistent. */
export function entityTemplate(plan: ResourcePlan): string {
  const { fields, many, one, shared } = plan;
  return `
${importsOf(plan)}

${fields.map((code) => enumDeclaration(plan, code)).join('')}
/** What may be changed, under the names of the wire. Absent: unchanged; null: cleared. */
export interface ${one.pascal}Changes {
${fields.map((code) => `  ${code.field.name.snake}?: ${withNull(code, code.wireType)};`).join('\n')}
}

/** What can be changed, as it is. */
export type ${one.pascal}Values = Required<${one.pascal}Changes>;

/** ${article(one.words).replace(/^a/, 'A')} that belongs to ${shared ? 'nobody: everybody who may read sees it' : 'one person or tenant'}. */
@Entity('${many.snake}')
${indexesOf(plan).map(indexDecorator).join('\n')}
export class ${one.pascal} {
  @IdColumn()
  id: string;

${fields.map((code) => column(plan, code)).join('\n\n')}
${shared ? '' : `\n  /** Id of the person, or of the tenant that owns it instead of one. */\n  @ReferenceColumn()\n  ownerId: string;\n`}
  @VersionNumberColumn()
  version: number;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;

  /** What can be changed, as it is, under the names of the wire. */
  get values(): ${one.pascal}Values {
    return {
${fields.map((code) => `      ${code.field.name.snake}: ${throughNull(code.field, `this.${code.field.name.camel}`, code.toWire)},`).join('\n')}
    };
  }

  /** Take the new values; returns the wire names of those that differ from before. */
  change(changes: ${one.pascal}Changes): (keyof ${one.pascal}Values)[] {
    const before = this.values;
${fields.map(changeLine).join('\n')}
    const after = this.values;
    // The object above has these keys and no others.
    return (Object.keys(after) as (keyof ${one.pascal}Values)[]).filter((field) => ${differs(plan)});
  }
}`;
}

function importsOf({ fields, references, shared }: ResourcePlan): string {
  const helpers = ['IdColumn', 'TimeColumn', 'VersionNumberColumn', ...fields.map(({ column: [helper] }) => helper)];
  if (!shared) helpers.push('ReferenceColumn');
  const decorators = ['Entity', 'Index', ...(references.length === 0 ? [] : ['ForeignKey'])];
  const hasJson = fields.some(({ field }) => field.type === 'json');
  return [
    ...(hasJson ? ["import { isDeepStrictEqual } from 'node:util';"] : []),
    `import { ${[...new Set(helpers)].sort().join(', ')} } from '@platform/database';`,
    ...(hasJson ? ["import { type JsonObject } from '@platform/kernel';"] : []),
    `import { ${decorators.sort().join(', ')} } from 'typeorm';`,
  ].join('\n');
}

function enumDeclaration({ one }: ResourcePlan, { entityType, field }: FieldCode): string {
  if (field.type !== 'enum') return '';
  const list = enumList(one, field.name);
  return `
/** What the ${field.name.words} of ${article(one.words)} can be. */
export const ${list} = [${field.values.map((value) => `'${value}'`).join(', ')}] as const;

/** One of {@link ${list}}. */
export type ${entityType} = (typeof ${list})[number];
`;
}

function indexDecorator({ columns, unique }: { columns: { camel: string }[]; unique: boolean }): string {
  return `@Index([${columns.map(({ camel }) => `'${camel}'`).join(', ')}]${unique ? ', { unique: true }' : ''})`;
}

function column({ references }: ResourcePlan, code: FieldCode): string {
  const {
    column: [helper, settings, first],
    field,
  } = code;
  const value = defaultCode(field);
  const all = [settings, field.nullable ? 'nullable: true' : '', value === undefined ? '' : `default: ${value}`].filter(
    Boolean,
  );
  const parts = [first, all.length > 0 ? `{ ${all.join(', ')} }` : undefined].filter(Boolean);
  const reference = references.find((each) => each.code === code);
  return [
    `  /** ${code.bounds}. */`,
    `  @${helper}(${parts.join(', ')})`,
    ...(reference ? [`  @ForeignKey('${reference.resource.many.snake}')`] : []),
    `  ${field.name.camel}: ${withNull(code, code.entityType)};`,
  ].join('\n');
}

function changeLine({ field, fromWire }: FieldCode): string {
  const value = `changes.${field.name.snake}`;
  return `    if (${value} !== undefined) this.${field.name.camel} = ${throughNull(field, value, fromWire)};`;
}

function differs({ fields }: ResourcePlan): string {
  const hasJson = fields.some(({ field }) => field.type === 'json');
  return hasJson ? '!isDeepStrictEqual(after[field], before[field])' : 'after[field] !== before[field]';
}
