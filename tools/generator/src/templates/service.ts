import { defaultCode, type FieldCode } from '../field-code.ts';
import { article } from '../names.ts';
import { type ResourcePlan } from '../resource-plan.ts';

/** The published operations. */
export function serviceTemplate(plan: ResourcePlan): string {
  const { many, one, references, shared, up } = plan;
  const events = ['Created', 'Deleted', 'Updated'].map((past) => `${one.pascal}${past}`);
  const entity = [one.pascal, `type ${one.pascal}Changes`, ...enumTypes(plan)];
  return `
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, Clock, Ids${hasJson(plan) ? ', type JsonObject' : ''}${plan.shared ? '' : ', ownerScope'} } from '@platform/kernel';
import { Events } from '@platform/queue';
import { ${[events[0], events[1], `type ${one.pascal}Facts`, events[2]].join(', ')} } from '${up}contract';
import { ${entity.join(', ')} } from '${up}entities/${one.kebab}.entity';
import { ${one.pascal}Changed } from '${up}${plan.place.name.kebab}.errors';
import { type ${one.pascal}Page, type ${one.pascal}PageQuery, ${one.pascal}Repository } from './${one.kebab}.repository';

/** What a new ${one.words} is made of, under the names of the wire. */
export interface New${one.pascal} {
${plan.fields.map((code) => `  ${code.field.name.snake}${isOptional(code) ? '?' : ''}: ${code.wireType}${code.field.nullable ? ' | null' : ''};`).join('\n')}
}

/** Published operations on ${many.words}: ${shared ? 'everybody who may read sees all' : `${article(one.words)} is seen and changed by the person who owns it`}. */
@Injectable()
export class ${many.pascal}Service {
  constructor(
    private readonly ${many.camel}: ${one.pascal}Repository,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}
${reads(plan)}
${creation(plan, references.length > 0)}
${changing(plan, references.length > 0)}
}

function factsOf(${one.camel}: ${one.pascal}): ${one.pascal}Facts {
  return { ${one.snake}_id: ${one.camel}.id${shared ? '' : `, owner_id: ${one.camel}.ownerId`} };
}`;
}

/** Whether a new row need not say. */
export function isOptional({ field }: FieldCode): boolean {
  return field.nullable || field.default !== undefined;
}

function hasJson({ fields }: ResourcePlan): boolean {
  return fields.some(({ field }) => field.type === 'json');
}

function enumTypes({ fields }: ResourcePlan): string[] {
  return fields.filter(({ field }) => field.type === 'enum').map(({ entityType }) => `type ${entityType}`);
}

function reads({ many, one, shared }: ResourcePlan): string {
  const whose = shared ? many.words : `the actor's ${many.words}`;
  return `
  /**
   * A page of ${whose}, newest first.
   *
   * @returns the page, the count of all and the cursor of the next
   * @throws ValidationFailed (422) for a cursor of another list
   */
  page(actor: Actor, query: ${one.pascal}PageQuery): Promise<${one.pascal}Page> {
    return this.${many.camel}.pageVisibleTo(actor, query);
  }

  /**
   * One of ${whose}.
   *
   * @returns the ${one.words}
   * @throws ${one.pascal}NotFound (404) when it is missing${shared ? '' : " or somebody else's"}
   */
  read(actor: Actor, id: string): Promise<${one.pascal}> {
    return this.${many.camel}.mustFind(actor, id);
  }
`;
}

/** What storing a row can throw, a line of the comment each. */
function failures({ fields, one, references }: ResourcePlan): string {
  const isUnique = fields.some(({ field }) => field.unique);
  const unknown = `\n   * @throws ${one.pascal}ReferenceUnknown (422) for a reference to what the actor does not see`;
  return [
    ...(references.length > 0 ? [unknown] : []),
    ...(isUnique ? [`\n   * @throws ${one.pascal}Taken (409) when a unique value is another's`] : []),
  ].join('');
}

function creation(plan: ResourcePlan, refers: boolean): string {
  const { fields, many, one, shared } = plan;
  return `
  /**
   * Make ${article(one.words)}${shared ? '' : ' that the actor owns'}.
   *
   * @returns the stored ${one.words}; publishes \`${one.pascal}Created\`${failures(plan)}
   */
  @Transactional()
  async create(${shared && !refers ? '_actor' : 'actor'}: Actor, input: New${one.pascal}): Promise<${one.pascal}> {
${refers ? `    await this.${many.camel}.mustSeeReferences(actor, input);\n` : ''}    const ${one.camel} = new ${one.pascal}();
    ${one.camel}.id = this.ids.next();
${shared ? '' : `    ${one.camel}.ownerId = ownerScope(actor);\n`}${fields.map((code) => `    ${one.camel}.${code.field.name.camel} = ${initial(code)};`).join('\n')}
    ${one.camel}.version = 1;
    ${one.camel}.createdAt = ${one.camel}.updatedAt = this.clock.now();
    await this.${many.camel}.add(${one.camel});
    await this.events.publish(new ${one.pascal}Created(factsOf(${one.camel})));
    this.audit.note({ resourceType: '${one.snake}', resourceId: ${one.camel}.id, details: { after: ${one.camel}.values } });
    return ${one.camel};
  }
`;
}

function initial({ field, fromWire }: FieldCode): string {
  const value = `input.${field.name.snake}`;
  const fallback = defaultCode(field);
  // A null that was given stays one.
  if (fallback !== undefined)
    return field.nullable ? `${value} === undefined ? ${fallback} : ${value}` : `${value} ?? ${fallback}`;
  if (!field.nullable) return fromWire(value);
  return fromWire(value) === value ? `${value} ?? null` : `${value} ? ${fromWire(value)} : null`;
}

function changing(plan: ResourcePlan, refers: boolean): string {
  const { many, one } = plan;
  return `
  /**
   * Change ${article(one.words)}; \`changes\` without a difference change nothing.
   *
   * @returns the ${one.words} as stored; publishes \`${one.pascal}Updated\`
   * @throws ${one.pascal}NotFound (404)
   * @throws ${one.pascal}Changed (412) when \`version\` is given and is not the present one${failures(plan)}
   */
  @Transactional()
  async update(actor: Actor, id: string, changes: ${one.pascal}Changes, version?: number): Promise<${one.pascal}> {
    const ${one.camel} = await this.mustLockAt(actor, id, version);
${refers ? `    await this.${many.camel}.mustSeeReferences(actor, changes);\n` : ''}    const before = ${one.camel}.values;
    const changed = ${one.camel}.change(changes);
    if (changed.length === 0) return ${one.camel};
    ${one.camel}.updatedAt = this.clock.now();
    await this.${many.camel}.save(${one.camel});
    await this.events.publish(new ${one.pascal}Updated({ ...factsOf(${one.camel}), changed }));
    this.audit.note({ details: { before, after: ${one.camel}.values } });
    return ${one.camel};
  }

  /**
   * Remove ${article(one.words)} for good; publishes \`${one.pascal}Deleted\`.
   *
   * @throws ${one.pascal}NotFound (404), also when it is gone already
   * @throws ${one.pascal}Changed (412) as for {@link update}
   * @throws ${one.pascal}InUse (409) while other rows refer to it
   */
  @Transactional()
  async delete(actor: Actor, id: string, version?: number): Promise<void> {
    const ${one.camel} = await this.mustLockAt(actor, id, version);
    await this.${many.camel}.remove(${one.camel});
    await this.events.publish(new ${one.pascal}Deleted(factsOf(${one.camel})));
    this.audit.note({ details: { before: ${one.camel}.values } });
  }

  private async mustLockAt(actor: Actor, id: string, version: number | undefined): Promise<${one.pascal}> {
    const ${one.camel} = await this.${many.camel}.mustLock(actor, id);
    if (version !== undefined && version !== ${one.camel}.version) throw new ${one.pascal}Changed(id);
    return ${one.camel};
  }`;
}
