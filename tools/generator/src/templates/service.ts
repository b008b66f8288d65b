import { article } from '../names.ts';
import { type Reference, type ResourcePlan } from '../resource-plan.ts';
import { importLines } from '../source-edit.ts';
import { lifeEvents } from './contract.ts';

/** The published operations. */
export function serviceTemplate(plan: ResourcePlan): string {
  const { many, one, references, shared } = plan;
  const sees = shared
    ? 'everybody who may read sees all'
    : `${article(one.words)} is seen and changed by the person who owns it`;
  const whose = shared ? `the ${many.words}` : `the actor's ${many.words}`;
  const foreign = shared ? '' : " or somebody else's";
  const mustSee = (given: string) =>
    references.length > 0 ? `    await this.mustSeeReferences(actor, ${given});\n` : '';
  return `
${importsOf(plan)}

/** Published operations on ${many.words}: ${sees}. */
@Injectable()
export class ${many.pascal}Service {
  constructor(
    private readonly ${many.camel}: ${one.pascal}Repository,
${collaborators(plan)
  .map(({ variable, type }) => `    private readonly ${variable}: ${type},\n`)
  .join('')}    private readonly events: Events,
    private readonly audit: AuditTrail,
  ) {}

  /** A page of ${whose}, newest first. @throws ValidationFailed (422) for a cursor of another list */
  page(actor: Actor, query: PageQuery): Promise<Page<${one.pascal}>> {
    return this.${many.camel}.pageVisibleTo(actor, query);
  }

  /** One of ${whose}. @throws NotFound (404) when it is missing${foreign} */
  read(actor: Actor, id: string): Promise<${one.pascal}> {
    return this.${many.camel}.mustFind(actor, id);
  }

  /**
   * Make ${article(one.words)}${shared ? '' : ' that the actor owns'}; publishes \`${one.pascal}Created\`.
${failuresOf(plan)}   */
  @Transactional()
  async create(${shared && references.length === 0 ? '_actor' : 'actor'}: Actor, input: New${one.pascal}): Promise<${one.pascal}> {
${mustSee('input')}    const ${one.camel} = await this.${many.camel}.add(${shared ? 'input' : '{ ...input, ownerId: ownerScope(actor) }'});
    await this.events.publish(new ${one.pascal}Created(factsOf(${one.camel})));
    const after = changeableValues(${one.camel});
    this.audit.note({ resourceType: '${one.snake}', resourceId: ${one.camel}.id, details: { after } });
    return ${one.camel};
  }

  /**
   * Change ${article(one.words)}; publishes \`${one.pascal}Updated\` when something differs.
   * @throws NotFound (404); PreconditionFailed (412) when \`version\` is given and is not the present one
${failuresOf(plan)}   */
  @Transactional()
  async update(actor: Actor, id: string, changes: ${one.pascal}Changes, version?: number): Promise<${one.pascal}> {
    const ${one.camel} = await this.${many.camel}.mustLock(actor, id, version);
${mustSee('changes')}    const before = changeableValues(${one.camel});
    const changed = applyChanges(${one.camel}, changes);
    if (changed.length === 0) return ${one.camel};
    await this.${many.camel}.save(${one.camel});
    await this.events.publish(new ${one.pascal}Updated({ ...factsOf(${one.camel}), changed }));
    this.audit.note({ details: { before, after: changeableValues(${one.camel}) } });
    return ${one.camel};
  }

  /**
   * Remove ${article(one.words)} for good; publishes \`${one.pascal}Deleted\`.
   * @throws NotFound (404); PreconditionFailed (412) as for {@link update}; InUse (409) while other rows refer to it
   */
  @Transactional()
  async delete(actor: Actor, id: string, version?: number): Promise<void> {
    const ${one.camel} = await this.${many.camel}.mustLock(actor, id, version);
    await this.${many.camel}.remove(${one.camel});
    await this.events.publish(new ${one.pascal}Deleted(factsOf(${one.camel})));
    this.audit.note({ details: { before: changeableValues(${one.camel}) } });
  }
${references.length > 0 ? mustSeeReferences(plan) : ''}}

function factsOf(${one.camel}: ${one.pascal}): ${one.pascal}Facts {
  return { ${one.snake}_id: ${one.camel}.id${shared ? '' : `, owner_id: ${one.camel}.ownerId`} };
}`;
}

function importsOf(plan: ResourcePlan): string {
  const { one, references, shared, up } = plan;
  const entity = [`type New${one.pascal}`, `type ${one.pascal}`, `type ${one.pascal}Changes`];
  return importLines([
    [['Injectable'], '@nestjs/common'],
    [['AuditTrail'], '@platform/audit'],
    [
      ['applyChanges', 'changeableValues', 'Transactional', ...(references.length > 0 ? ['referred'] : [])],
      '@platform/database',
    ],
    [['type Actor', 'type Page', 'type PageQuery', ...(shared ? [] : ['ownerScope'])], '@platform/kernel'],
    [['Events'], '@platform/queue'],
    [[`type ${one.pascal}Facts`, ...lifeEvents(plan)], `${up}contract`],
    [entity, `${up}entities/${one.kebab}.entity`],
    [[`${one.pascal}Repository`], `./${one.kebab}.repository`],
    ...collaborators(plan).map(({ from, type }) => [[type], from] as const),
  ]);
}

/** Who is asked whether the actor sees what is referred to; one for all fields that refer to the same resource. */
function collaborators({ place, references, up }: ResourcePlan): { type: string; variable: string; from: string }[] {
  const all = references.map(({ resource: { flat, many, place: other } }) => ({
    type: `${many.pascal}Service`,
    variable: many.camel,
    from:
      other.root === place.root
        ? `${up}${flat ? '' : `${many.kebab}/`}${many.kebab}.service`
        : `@omni/${other.name.kebab}`,
  }));
  return [...new Map(all.map((each) => [each.variable, each])).values()];
}

/** What a stored row can be refused for, as lines of a comment. */
function failuresOf({ fields, references }: ResourcePlan): string {
  const found = [
    ...(references.length > 0 ? ['ReferenceNotFound (422) for a reference to what the actor does not see'] : []),
    ...(fields.some(({ field }) => field.unique) ? ["AlreadyExists (409) when a unique value is another's"] : []),
  ];
  return found.map((failure) => `   * @throws ${failure}\n`).join('');
}

function mustSeeReferences({ one, references }: ResourcePlan): string {
  const line = ({ code: { field }, resource }: Reference): string => {
    const value = field.name.camel;
    return `    if (${value}) await referred('${one.pascal}', '${field.name.snake}', this.${resource.many.camel}.read(actor, ${value}));\n`;
  };
  return `
  private async mustSeeReferences(actor: Actor, { ${references.map(({ code }) => code.field.name.camel).join(', ')} }: ${one.pascal}Changes): Promise<void> {
${references.map(line).join('')}  }
`;
}
