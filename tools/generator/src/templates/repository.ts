import { throughNull } from '../field-code.ts';
import { article } from '../names.ts';
import { type ResourcePlan, type Reference } from '../resource-plan.ts';

/** Named queries; who sees what is decided here. */
export function repositoryTemplate(plan: ResourcePlan): string {
  const { many, one, references, shared } = plan;
  const actor = shared ? '_actor' : 'actor';
  const scope = shared ? '{ id }' : '{ id, owner_id: ownerScope(actor) }';
  const whose = shared ? many.words : `the actor's ${many.words}`;
  return `
${importsOf(plan)}

/** Which slice of ${whose}. */
export interface ${one.pascal}PageQuery {
  skip: number;
  limit: number;
  /** Continue after the page that gave it; \`skip\` does not count then. */
  cursor?: string;
}

/** A slice of the list and the way to the next one; null on the last. */
export interface ${one.pascal}Page extends OffsetPage<${one.pascal}> {
  readonly nextCursor: string | null;
}

/** Named queries on ${many.words}. Every lookup takes the actor and sees what they may see${shared ? ': all of them' : ''}. */
@Injectable()
export class ${one.pascal}Repository {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
${collaborators(plan)
  .map(({ type, variable }) => `    private readonly ${variable}: ${type},`)
  .join('\n')}
  ) {}

  /** One of ${whose}. @throws ${one.pascal}NotFound when missing${shared ? '' : " or somebody else's"}. */
  mustFind(${actor}: Actor, id: string): Promise<${one.pascal}> {
    return this.one(sql.FIND_VISIBLE, ${scope});
  }

  /** As {@link mustFind}, held against other changes until the transaction ends. */
  mustLock(${actor}: Actor, id: string): Promise<${one.pascal}> {
    return this.one(sql.LOCK_VISIBLE, ${scope});
  }

  /**
   * ${shared ? `All ${many.words}` : `The actor's ${many.words}`} with their count, in one round trip, newest first.
   * @throws ValidationFailed for a cursor of another list
   */
  async pageVisibleTo(${actor}: Actor, query: ${one.pascal}PageQuery): Promise<${one.pascal}Page> {
    const { limit, skip } = query;
${shared ? '' : '    const owner = ownerScope(actor);\n'}    const list = ${shared ? `'${many.snake}'` : `\`${many.snake}:\${owner}\``};
    const after = this.cursors.read(list, query.cursor);
    const rows = await this.database.query<sql.${one.pascal}PageRow>(after ? sql.PAGE_NEWEST_AFTER : sql.PAGE_NEWEST, {
${shared ? '' : '      owner_id: owner,\n'}      after: after?.key,
      after_id: after?.id,
      // One more than asked for tells whether others follow.
      limit: limit + 1,
      skip,
    });
    const found = rows.flatMap((row) => (row.id === null ? [] : [${one.camel}Of(row)]));
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? this.cursors.after(list, { key: last.createdAt.toISOString(), id: last.id }) : null;
    return { items, total: Number(rows[0]?.total ?? 0), skip, limit, nextCursor };
  }
${references.length > 0 ? mustSee(plan) : ''}
${writes(plan)}

  private async one(statement: Statement, parameters: Parameters & { id: string }): Promise<${one.pascal}> {
    const [row] = await this.database.query<sql.${one.pascal}Row>(statement, parameters);
    if (!row) throw new ${one.pascal}NotFound(parameters.id);
    return ${one.camel}Of(row);
  }
}
${references.length > 0 ? referred(plan) : ''}
${mapping(plan)}`;
}

function importsOf(plan: ResourcePlan): string {
  const { fields, one, references, shared, up } = plan;
  const throughKernel = ['type Actor', 'type OffsetPage', ...(shared ? [] : ['ownerScope'])];
  if (references.length > 0) throughKernel.push('NotFound');
  if (fields.some(({ field }) => field.type === 'json')) throughKernel.push('type JsonObject');
  const database = ['Database', 'isForeignKeyViolation', 'type Parameters', 'type Statement', 'toDate'];
  if (fields.some(({ field }) => field.type === 'json')) database.push('fromJson');
  if (fields.some(({ field }) => field.unique)) database.push('isUniqueViolation');
  const entity = references.length > 0 ? `${one.pascal}, type ${one.pascal}Changes` : one.pascal;
  const near = collaborators(plan).map(({ from, type }) => `import { ${type} } from '${from}';`);
  return [
    "import { Injectable } from '@nestjs/common';",
    ...near.filter((line) => line.includes("'@omni/")),
    `import { ${database.sort(byName).join(', ')} } from '@platform/database';`,
    `import { ${throughKernel.sort(byName).join(', ')} } from '@platform/kernel';`,
    "import { Cursors } from '@platform/security';",
    ...near.filter((line) => !line.includes("'@omni/")),
    `import { ${entity} } from '${up}entities/${one.kebab}.entity';`,
    `import { ${errorsUsed(plan).join(', ')} } from '${up}${plan.place.name.kebab}.errors';`,
    `import * as sql from './${one.kebab}.statements';`,
  ].join('\n');
}

const byName = (left: string, right: string): number =>
  left.replace('type ', '').toLowerCase() < right.replace('type ', '').toLowerCase() ? -1 : 1;

function errorsUsed({ fields, one, references }: ResourcePlan): string[] {
  return [
    `${one.pascal}Changed`,
    `${one.pascal}InUse`,
    `${one.pascal}NotFound`,
    ...(references.length > 0 ? [`${one.pascal}ReferenceUnknown`] : []),
    ...(fields.some(({ field }) => field.unique) ? [`${one.pascal}Taken`] : []),
  ];
}

/** Who is asked whether the actor sees what is referred to; one for all fields that refer to the same resource. */
function collaborators({
  flat,
  references,
}: ResourcePlan): { type: string; variable: string; from: string; ask: string }[] {
  const all = references.map(({ isNear, resource }) => {
    const { many, one, place } = resource;
    const up = flat ? './' : '../';
    return isNear
      ? {
          type: `${one.pascal}Repository`,
          variable: many.camel,
          from: `${up}${resource.flat ? '' : `${many.kebab}/`}${one.kebab}.repository`,
          ask: 'mustFind',
        }
      : { type: `${many.pascal}Service`, variable: many.camel, from: `@omni/${place.name.kebab}`, ask: 'read' };
  });
  return [...new Map(all.map((each) => [each.variable, each])).values()];
}

function mustSee(plan: ResourcePlan): string {
  const line = ({ code: { field }, resource }: Reference): string => {
    const ask = collaborators(plan).find(({ variable }) => variable === resource.many.camel)?.ask ?? 'mustFind';
    const value = `input.${field.name.snake}`;
    return `    if (${value}) await referred('${field.name.snake}', this.${resource.many.camel}.${ask}(actor, ${value}));`;
  };
  return `
  /** @throws ${plan.one.pascal}ReferenceUnknown naming the field that refers to a row which the actor does not see */
  async mustSeeReferences(actor: Actor, input: ${plan.one.pascal}Changes): Promise<void> {
${plan.references.map(line).join('\n')}
  }
`;
}

function referred({ one }: ResourcePlan): string {
  return `
async function referred(field: string, row: Promise<unknown>): Promise<void> {
  try {
    await row;
  } catch (error) {
    throw error instanceof NotFound ? new ${one.pascal}ReferenceUnknown(field) : error;
  }
}
`;
}

function writes(plan: ResourcePlan): string {
  const { fields, one, references } = plan;
  const isUnique = fields.some(({ field }) => field.unique);
  const mapped = isUnique || references.length > 0;
  const execute = (statement: string) =>
    mapped
      ? `this.write(sql.${statement}, ${one.camel})`
      : `this.database.execute(sql.${statement}, columnsOf(${one.camel}))`;
  const taken = isUnique ? ` @throws ${one.pascal}Taken when a unique value is another row's.` : '';
  return `
  /** Store a new ${one.words}.${taken} */
  async add(${one.camel}: ${one.pascal}): Promise<void> {
    await ${execute('INSERT')};
  }

  /** Store the changes of ${article(one.words)}. @throws ${one.pascal}Changed when somebody else stored one since it was read. */
  async save(${one.camel}: ${one.pascal}): Promise<void> {
    if ((await ${execute('UPDATE')}) === 0) throw new ${one.pascal}Changed(${one.camel}.id);
    ${one.camel}.version += 1;
  }

  /** Remove ${article(one.words)} for good. @throws ${one.pascal}InUse while others refer to it; ${one.pascal}Changed as {@link save}. */
  async remove(${one.camel}: ${one.pascal}): Promise<void> {
    const { id, version } = ${one.camel};
    const removed = await this.database.execute(sql.DELETE, { id, version }).catch((error: unknown) => {
      throw isForeignKeyViolation(error) ? new ${one.pascal}InUse(error) : error;
    });
    if (removed === 0) throw new ${one.pascal}Changed(id);
  }
${mapped ? write(plan, isUnique) : ''}`;
}

function write({ one, references }: ResourcePlan, isUnique: boolean): string {
  return `
  private async write(statement: Statement, ${one.camel}: ${one.pascal}): Promise<number> {
    try {
      return await this.database.execute(statement, columnsOf(${one.camel}));
    } catch (error) {
${isUnique ? `      if (isUniqueViolation(error)) throw new ${one.pascal}Taken(error);\n` : ''}${
    references.length > 0
      ? `      // Seen a moment ago, and gone since.\n      if (isForeignKeyViolation(error)) throw new ${one.pascal}ReferenceUnknown(${references.length === 1 ? `'${references[0]?.code.field.name.snake}'` : 'undefined'});\n`
      : ''
  }      throw error;
    }
  }
`;
}

function mapping({ fields, one, shared }: ResourcePlan): string {
  const fromRow = fields.map(
    ({ field, fromRow: convert }) =>
      `  ${one.camel}.${field.name.camel} = ${throughNull(field, `row.${field.name.snake}`, convert)};`,
  );
  const columns = fields.map(({ field }) => `    ${field.name.snake}: ${one.camel}.${field.name.camel},`);
  return `
function ${one.camel}Of(row: sql.${one.pascal}Row): ${one.pascal} {
  const ${one.camel} = new ${one.pascal}();
  ${one.camel}.id = row.id;
${fromRow.join('\n')}
${shared ? '' : `  ${one.camel}.ownerId = row.owner_id;\n`}  ${one.camel}.version = row.version;
  ${one.camel}.createdAt = toDate(row.created_at);
  ${one.camel}.updatedAt = toDate(row.updated_at);
  return ${one.camel};
}

function columnsOf(${one.camel}: ${one.pascal}): Parameters {
  return {
    id: ${one.camel}.id,
${columns.join('\n')}
${shared ? '' : `    owner_id: ${one.camel}.ownerId,\n`}    version: ${one.camel}.version,
    created_at: ${one.camel}.createdAt,
    updated_at: ${one.camel}.updatedAt,
  };
}`;
}
