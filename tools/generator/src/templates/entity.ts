import { defaultCode, enumExports, enumList, type FieldCode, isOptional } from '../field-code.ts';
import { type ResourcePlan } from '../resource-plan.ts';
import { article, sentence } from '../names.ts';
import { importLines } from '../source-edit.ts';

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

/** What the domain publishes of an entity. */
export function entityExports({ fields, one }: ResourcePlan): string[] {
  return [one.pascal, `type New${one.pascal}`, `type ${one.pascal}Changes`, ...enumExports(fields, one)];
}

/** The columns, whose they are, and which of them may be changed. */
export function entityTemplate(plan: ResourcePlan): string {
  const { fields, many, one, shared } = plan;
  const defaults = fields.filter(({ field }) => field.default !== undefined && !field.nullable);
  const input = [`typeof ${one.pascal}`, defaults.map(({ field }) => `'${field.name.camel}'`).join(' | ')];
  return `
${importsOf(plan)}

${fields.map((code) => enumDeclaration(plan, code)).join('')}
/** ${sentence(article(one.words))} that belongs to ${shared ? 'nobody: everybody who may read sees it' : 'one person or tenant'}. */
@Entity('${many.snake}')
${indexesOf(plan).map(indexDecorator).join('\n')}
export class ${one.pascal} {
  static readonly changeable = [${fields.map(({ field }) => `'${field.name.camel}'`).join(', ')}] as const;

  @IdColumn()
  id: string;

${fields.map((code) => column(plan, code)).join('\n\n')}

${shared ? '' : `  @OwnerColumn({ summary: '${sentence(many.words)}', erasure: { kind: 'delete' } })\n  ownerId: string;\n\n`}  @VersionNumberColumn()
  version: number;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;
}

/** What a new ${one.words} is made of. */
export type New${one.pascal} = Input<${input.filter(Boolean).join(', ')}>;

/** New values of ${article(one.words)}. */
export type ${one.pascal}Changes = Changes<typeof ${one.pascal}>;`;
}

function importsOf({ fields, references, shared }: ResourcePlan): string {
  const columns = ['IdColumn', 'TimeColumn', 'VersionNumberColumn', ...fields.map(({ column: [helper] }) => helper)];
  const hasJson = fields.some(({ field }) => field.type === 'json');
  return importLines([
    [['type Changes', 'type Input', ...columns, ...(shared ? [] : ['OwnerColumn'])], '@platform/database'],
    [hasJson ? ['type JsonObject'] : [], '@platform/kernel'],
    [['Entity', 'Index', ...(references.length > 0 ? ['ForeignKey'] : [])], 'typeorm'],
  ]);
}

function enumDeclaration({ one }: ResourcePlan, { codeType, field }: FieldCode): string {
  if (field.type !== 'enum') return '';
  const list = enumList(one, field.name);
  return `
/** What the ${field.name.words} of ${article(one.words)} can be. */
export const ${list} = [${field.values.map((value) => `'${value}'`).join(', ')}] as const;

/** One of {@link ${list}}. */
export type ${codeType} = (typeof ${list})[number];
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
    `  ${field.name.camel}: ${code.codeType}${field.nullable ? ' | null' : ''};`,
  ].join('\n');
}

/** Defaults of the columns, as a repository takes them. */
export function repositoryDefaults({ fields }: ResourcePlan): string {
  const given = fields.filter((code) => isOptional(code) && code.field.default !== undefined);
  return given.map(({ field }) => `${field.name.camel}: ${defaultCode(field)}`).join(', ');
}
