import { type Changes } from '../changes.ts';
import { type FieldCode, isOptional } from '../field-code.ts';
import { type FieldType } from '../fields.ts';
import { article } from '../names.ts';
import { type ResourcePlan, otherDomains, requiredOf, routeOf } from '../resource-plan.ts';
import { importLines } from '../source-edit.ts';
import { type KnownResource } from '../workspace.ts';
import { factoryOf } from './testing.ts';

const NOWHERE = '0198f1c2-6f3a-7000-8000-00000000dead';

/** The first field that a test can change: not a reference, which needs another row. */
function changeable({ fields }: ResourcePlan): FieldCode {
  const own = fields.filter(({ field }) => field.type !== 'ref');
  const found = own.find(({ field }) => !field.unique) ?? own[0];
  if (!found) throw new Error('A resource without fields');
  return found;
}

/** Another value of the field; of a unique one, another at each place that asks. */
function otherOf({ field, other }: FieldCode, serial: number): string {
  if (!field.unique) return other;
  const numbered: Partial<Record<FieldType, string>> = {
    string: other.replace(/'$/, ` ${serial}'`),
    int: `5_000_00${serial}`,
    bigint: `'-${serial}7'`,
    decimal: `-25${serial}`,
    date: `'2024-02-1${serial}'`,
    timestamp: `'2027-01-01T00:00:00.00${serial}Z'`,
    uuid: other.replace(/f'$/, `${serial}'`),
  };
  return numbered[field.type] ?? other;
}

/** What a new row must be told: the ids of the rows before it. */
function given(changes: Changes, resource: KnownResource): string {
  const entries = requiredOf(changes, resource).map(
    ({ column, resource: needed }) => `${column.camel}: ${needed.one.camel}.id`,
  );
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '';
}

function ownGiven({ references }: ResourcePlan): string[] {
  return references
    .filter(({ code }) => !code.field.nullable)
    .map(({ code, resource }) => `${code.field.name.camel}: ${resource.one.camel}.id`);
}

/** The medium test: the domain's core on a real database. */
export function mediumTestTemplate(changes: Changes, plan: ResourcePlan): string {
  const { chain, many, one, place, shared } = plan;
  const first = changeable(plan);
  const { camel: name, snake } = first.field.name;
  const other = (serial: number) => first.fromWire(otherOf(first, serial));
  return `
${mediumImports(plan)}

const NOWHERE = '${NOWHERE}';
const EVENTS = statement('test.${many.kebab}-events', \`SELECT name FROM jobs WHERE kind = 'event' ORDER BY id\`);

describeEachDatabase('${shared ? '' : 'own '}${many.words}', (test) => {
  let core: TestingModule;
  let ${many.camel}: ${many.pascal}Service;
  let ann: Actor;
  let bob: Actor;

  beforeAll(async () => {
    core = await domainCore(test, [${['UsersModule', ...otherDomains(plan).map(({ name: other }) => `${other.pascal}Module`), `${place.name.pascal}Module`].filter((each, index, all) => all.indexOf(each) === index).join(', ')}]);
    ${many.camel} = core.get(${many.pascal}Service);
  });
  beforeEach(async () => {
    ann = actorOf(await aUser(core.get(UserDirectory)));
    bob = actorOf(await aUser(core.get(UserDirectory)));
  });

  const made = async (actor: Actor, input: Partial<New${one.pascal}> = {}) => ${chain.length > 0 ? '{' : ''}
${chain.map((resource) => `    const ${resource.one.camel} = await ${factoryOf(resource.one)}(core.get(${resource.many.pascal}Service), actor${comma(given(changes, resource))});\n`).join('')}    ${chain.length > 0 ? 'return ' : ''}${factoryOf(one)}(${many.camel}, actor, ${ownGiven(plan).length > 0 ? `{ ${ownGiven(plan).join(', ')}, ...input }` : 'input'});
${chain.length > 0 ? '  };' : ''}

  it('are read as they were made, every field', async () => {
    const ${one.camel} = await made(ann);
    expect(await ${many.camel}.read(ann, ${one.camel}.id)).toEqual(${one.camel});
    expect(${one.camel}).toMatchObject({ version: 1${shared ? '' : ', ownerId: ann.id'} });
  });
${listTests(plan)}
${ownerTest(plan)}
  it('take only the given changes, count them, and tell nobody when nothing differs', async () => {
    const ${one.camel} = await made(ann);
    const told: string[][] = [];
    core.get(Events).onCommitted(${one.pascal}Updated, ({ payload }) => {
      if (payload.${one.snake}_id === ${one.camel}.id) told.push(payload.changed);
    });
    const changes = { ${name}: ${other(1)} } as const;
    expect(await ${many.camel}.update(ann, ${one.camel}.id, changes)).toMatchObject({ version: 2 });
    expect(await ${many.camel}.update(ann, ${one.camel}.id, changes)).toMatchObject({ version: 2 });
    expect(told).toEqual([['${snake}']]);
    const changed = { ...${one.camel}, ...changes, version: 2, updatedAt: expect.any(Date) };
    expect(await ${many.camel}.read(ann, ${one.camel}.id)).toEqual(changed);
  });

  it('let one of two changes of the same version through', async () => {
    const { id } = await made(ann);
    const change = (value: New${one.pascal}['${name}']) => ${many.camel}.update(ann, id, { ${name}: value }, 1);
    const outcomes = await Promise.allSettled([change(${other(2)}), change(${other(3)})]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toBeInstanceOf(PreconditionFailed);
  });

  it('are gone once deleted, at the version that is named', async () => {
    const { id } = await made(ann);
    await expect(${many.camel}.delete(ann, id, 2)).rejects.toBeInstanceOf(PreconditionFailed);
    await ${many.camel}.delete(ann, id, 1);
    await expect(${many.camel}.read(ann, id)).rejects.toMatchObject({ status: 404 });
    await expect(${many.camel}.delete(ann, id)).rejects.toMatchObject({ status: 404 });
  });
${uniqueTest(plan)}${referenceTests(changes, plan)}
  it('leave neither row nor event when the surrounding work fails', async () => {
    const database = core.get(Database);
    const before = await database.query(EVENTS);
    let id = NOWHERE;
    const work = database.unitOfWork(async () => {
      ({ id } = await made(ann));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    await expect(${many.camel}.read(ann, id)).rejects.toMatchObject({ status: 404 });
    expect(await database.query(EVENTS)).toEqual(before);
  });
});`;
}

function mediumImports(plan: ResourcePlan): string {
  const { chain, many, one, place, references } = plan;
  const resources = [
    ...new Map(
      [...references.map(({ resource }) => resource), ...chain].map((resource) => [resource.entity, resource]),
    ).values(),
  ];
  const domains = [place, ...otherDomains(plan)].map(
    ({ name }) => [[`${name.pascal}Module`], `@omni/${name.kebab}`] as const,
  );
  const needed = resources.flatMap(({ many: others, one: other, place: { name } }) => [
    [[`${others.pascal}Service`], `@omni/${name.kebab}`] as const,
    [[factoryOf(other)], `@testing/${name.kebab}`] as const,
  ]);
  return importLines([
    [['type TestingModule'], '@nestjs/testing'],
    [[`${one.pascal}Updated`], `@contract/${place.name.kebab}`],
    [['UserDirectory', 'UsersModule'], '@omni/users'],
    [[`type New${one.pascal}`, `${many.pascal}Service`], `@omni/${place.name.kebab}`],
    [['Database', 'statement'], '@platform/database'],
    [['type Actor', 'PreconditionFailed'], '@platform/kernel'],
    [['Events'], '@platform/queue'],
    [['actorOf', 'aUser'], '@testing/users'],
    [[factoryOf(one)], `@testing/${place.name.kebab}`],
    [['describeEachDatabase'], '../../../test/support/databases'],
    [['domainCore'], '../../../test/support/domain-core'],
    ...domains,
    ...needed,
  ]);
}

function listTests({ many, shared }: ResourcePlan): string {
  const total = shared
    ? ''
    : `    expect((await ${many.camel}.page(ann, { skip: 5, limit: 5 }))).toMatchObject({ total: 3, items: [] });\n`;
  return `
  it('are walked by cursor to the end, newest first, each once', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) ids.unshift((await made(ann)).id);
    const first = await ${many.camel}.page(ann, { skip: 0, limit: 2 });
    const rest = await ${many.camel}.page(ann, { skip: 0, limit: 100, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...rest.items].map(({ id }) => id).slice(0, 3)).toEqual(ids);
${total}    expect(rest.nextCursor).toBeNull();
  });
`;
}

function ownerTest({ many, shared }: ResourcePlan): string {
  if (shared) {
    return `
  it('are everybody’s to read, and 404 when missing', async () => {
    const { id } = await made(ann);
    expect(await ${many.camel}.read(bob, id)).toMatchObject({ id });
    await expect(${many.camel}.read(bob, NOWHERE)).rejects.toMatchObject({ status: 404 });
  });
`;
  }
  return `
  it('look like missing ones to everybody else', async () => {
    const { id } = await made(ann);
    for (const other of [id, NOWHERE]) {
      await expect(${many.camel}.read(bob, other)).rejects.toMatchObject({ status: 404 });
      await expect(${many.camel}.update(bob, other, {})).rejects.toMatchObject({ status: 404 });
      await expect(${many.camel}.delete(bob, other)).rejects.toMatchObject({ status: 404 });
    }
    expect((await ${many.camel}.page(bob, { skip: 0, limit: 5 })).total).toBe(0);
    expect((await ${many.camel}.read(ann, id)).version).toBe(1);
  });
`;
}

function uniqueTest({ fields, many, shared }: ResourcePlan): string {
  const unique = fields.find(({ field }) => field.unique && field.type !== 'ref');
  if (!unique) return '';
  const name = unique.field.name.camel;
  return `
  it('have a ${unique.field.name.words} that no other ${shared ? '' : 'of the same owner '}has', async () => {
    const taken = { ${name}: (await made(ann)).${name} };
    const other = await made(ann);
    await expect(made(ann, taken)).rejects.toMatchObject({ status: 409 });
    await expect(${many.camel}.update(ann, other.id, taken)).rejects.toMatchObject({ status: 409 });
${shared ? '' : `    expect(await made(bob, taken)).toMatchObject(taken);\n`}  });
`;
}

function referenceTests(changes: Changes, { many, references }: ResourcePlan): string {
  const tests = references.map(({ code: { field }, resource }) => {
    const { camel: name, snake } = field.name;
    const chain = requiredOf(changes, resource);
    const missing = `
  it('refuse a ${resource.one.words} that is not there with 422 that names the field', async () => {
    await expect(made(ann, { ${name}: NOWHERE })).rejects.toMatchObject({ status: 422, details: { field: '${snake}' } });
    const { id } = await made(ann);
    await expect(${many.camel}.update(ann, id, { ${name}: NOWHERE })).rejects.toMatchObject({ status: 422 });
  });
`;
    // Where the other resource needs rows itself, its own tests show what is foreign and what is in use.
    if (chain.length > 0) return missing;
    const make = (actor: string) =>
      `await ${factoryOf(resource.one)}(core.get(${resource.many.pascal}Service), ${actor})`;
    const foreign = resource.shared
      ? ''
      : `
  it('refuse a ${resource.one.words} of somebody else like one that is not there', async () => {
    const ${resource.one.camel} = ${make('bob')};
    await expect(made(ann, { ${name}: ${resource.one.camel}.id })).rejects.toMatchObject({ status: 422 });
  });
`;
    return `${missing}${foreign}
  it('keep the ${resource.one.words} that they refer to', async () => {
    const ${resource.one.camel} = ${make('ann')};
    const { id } = await made(ann, { ${name}: ${resource.one.camel}.id });
    const remove = () => core.get(${resource.many.pascal}Service).delete(ann, ${resource.one.camel}.id);
    await expect(remove()).rejects.toMatchObject({ status: 409 });
    await ${many.camel}.delete(ann, id);
    await remove();
  });
`;
  });
  return tests.join('');
}

/** The large test: built processes in every mode. */
export function largeTestTemplate(changes: Changes, plan: ResourcePlan): string {
  const { chain, many, one, route, shared } = plan;
  const first = changeable(plan);
  const name = first.field.name.snake;
  const needsAdmin = shared || chain.some((resource) => resource.shared);
  const poster = (resource: Pick<KnownResource, 'shared'>) => (resource.shared ? 'admin' : 'by');
  return `
${bodyImports(plan)}
import { describeEachMode } from '../../support/modes';
import { type Person, signUp${needsAdmin ? ', withRole' : ''} } from '../../support/people';
import { type EnvelopeWire, type ErrorWire, type PageWire } from '../../support/wire';

const ${many.snake.toUpperCase()} = '/api/v1/${route}';
const V2 = '/api/v2/${route}';
const UNKNOWN = '${NOWHERE}';

type ${one.pascal}Wire = ReturnType<typeof ${one.camel}Body> & { id: string; created_at: string; updated_at: string };

describeEachMode('${many.words}', (stack) => {
  let owner: Person;
  let stranger: Person;
${needsAdmin ? '  let admin: Person;\n' : ''}
  beforeAll(async () => {
    ${shared ? "admin = await withRole(stack(), 'admin');\n    owner = admin;" : `owner = await signUp(stack());${needsAdmin ? "\n    admin = await withRole(stack(), 'admin');" : ''}`}
    stranger = await signUp(stack());
  });

  async function body(${chain.some((resource) => !resource.shared) ? 'by: Person' : '_by: Person'}): Promise<ReturnType<typeof ${one.camel}Body>> {
${chain.map((resource) => `    const ${resource.one.camel} = await row(${poster(resource)}, '/api/v1/${routeOf(resource)}', ${resource.one.camel}Body(${given(changes, resource)}));`).join('\n')}
    return ${one.camel}Body(${ownGiven(plan).length > 0 ? `{ ${ownGiven(plan).join(', ')} }` : ''});
  }

  async function row<B extends object>(by: Person, path: string, input: B): Promise<B & ${one.pascal}Wire> {
    const answer = await by.client.post<B & ${one.pascal}Wire>(path, input);
    expect(answer.status).toBe(201);
    return answer.body;
  }

  const create = async (by: Person): Promise<${one.pascal}Wire> => row(by, ${many.snake.toUpperCase()}, await body(by));

  it('are made with 201 and read the same on v1 and v2, with one entity tag', async () => {
    const input = await body(owner);
    const made = await row(owner, ${many.snake.toUpperCase()}, input);
    expect(made).toMatchObject(input);
    const v1 = await owner.client.get<${one.pascal}Wire>(\`\${${many.snake.toUpperCase()}}/\${made.id}\`);
    const v2 = await owner.client.get<EnvelopeWire<${one.pascal}Wire>>(\`\${V2}/\${made.id}\`);
    expect(v1.body).toEqual(made);
    expect(v2.body.data).toEqual(made);
    expect(v2.headers.get('etag')).toBe(v1.headers.get('etag'));
  });

  it('are listed newest first', async () => {
    const older = await create(owner);
    const newer = await create(owner);
    const { body: page } = await owner.client.get<PageWire<${one.pascal}Wire>>(${many.snake.toUpperCase()}, { query: { limit: 2 } });
    expect(page.items.map(({ id }) => id)).toEqual([newer.id, older.id]);
  });
${wrongInput(plan)}
  it('change at the version that is named, and are gone once deleted', async () => {
    const { id } = await create(owner);
    const path = \`\${${many.snake.toUpperCase()}}/\${id}\`;
    const before = (await owner.client.get(path)).headers.get('etag') ?? '';
    const changed = await owner.client.patch<${one.pascal}Wire>(path, { ${name}: ${otherOf(first, 1)} }, { headers: { 'if-match': before } });
    expect([changed.status, changed.body.${name}]).toEqual([200, ${otherOf(first, 1)}]);
    const stale = await owner.client.patch(path, { ${name}: ${otherOf(first, 1)} }, { headers: { 'if-match': before } });
    expect(stale.status).toBe(412);
    const gone = await owner.client.delete(path);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await owner.client.get(path)).status).toBe(404);
  });
${foreign(plan, name, otherOf(first, 1))}
  it('are for nobody without a token', async () => {
    expect((await stack().client.get(${many.snake.toUpperCase()})).status).toBe(401);
    expect((await stack().client.post(${many.snake.toUpperCase()}, {})).status).toBe(401);
  });
});`;
}

/** What the access rules cannot guess of the resource: its bodies, and that a shared one is nobody's. */
export function fixturesTemplate(changes: Changes, plan: ResourcePlan): string {
  const { chain, many, one, route, shared } = plan;
  const hasAdmin = chain.some((resource) => resource.shared);
  const poster = (resource: Pick<KnownResource, 'shared'>) => (resource.shared ? 'admin' : 'by');
  const takes = chain.length === 0 ? '' : `by: Person${hasAdmin ? ', stack: Stack' : ''}`;
  return `
${bodyImports(plan)}
import { type Fixtures${chain.length > 0 ? ', posted' : ''} } from '../../support/fixtures';
${hasAdmin ? "import { type Stack } from '../../support/modes';\n" : ''}${chain.length > 0 ? `import { type Person${hasAdmin ? ', withRole' : ''} } from '../../support/people';` : ''}

/** What the access rules cannot guess of ${many.words}. */
export const fixtures: Fixtures = {
${shared ? `  exempt: { '/${route}/{id}': 'everybody’s to read, and an admin’s to change' },\n` : ''}  bodies: { 'POST /${route}': body, 'PATCH /${route}/{id}': body },
};

async function body(${chain.some((resource) => !resource.shared) ? takes : takes.replace('by:', '_by:')}): Promise<object> {
${hasAdmin ? "    const admin = await withRole(stack, 'admin');\n" : ''}${chain.map((resource) => `    const ${resource.one.camel} = await posted(${poster(resource)}, '/api/v1/${routeOf(resource)}', ${resource.one.camel}Body(${given(changes, resource)}));`).join('\n')}
    return ${one.camel}Body(${ownGiven(plan).length > 0 ? `{ ${ownGiven(plan).join(', ')} }` : ''});
}`;
}

/** The factories of bodies of the resource and of all that it refers to. */
function bodyImports({ chain, one, place }: ResourcePlan): string {
  const all = [{ one, place }, ...chain];
  return importLines(all.map((each) => [[`${each.one.camel}Body`], `@testing/${each.place.name.kebab}`]));
}

function wrongInput(plan: ResourcePlan): string {
  const cases = plan.fields.flatMap(({ bad, field }) =>
    bad
      .slice(0, 1)
      .map(([title, value]) => [`${article(field.name.words)} ${title}`, field.name.snake, value] as const),
  );
  const missing = plan.fields.find((code) => !isOptional(code));
  return `
  it.each<[string, string, unknown]>([
${missing ? `    ['no ${missing.field.name.words}', '${missing.field.name.snake}', undefined],\n` : ''}${cases.map(([title, name, value]) => `    ['${title}', '${name}', ${value}],`).join('\n')}
    ['a field that does not exist', 'owner_id', UNKNOWN],
  ])('refuse %s with 422 that names the field', async (_what, field, value) => {
    const answer = await owner.client.post<ErrorWire>(${plan.many.snake.toUpperCase()}, { ...(await body(owner)), [field]: value });
    expect([answer.status, answer.body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
    expect(JSON.stringify(answer.body.error.details)).toContain(\`"\${field}"\`);
  });
`;
}

function foreign({ many, one, shared }: ResourcePlan, name: string, other: string): string {
  const list = many.snake.toUpperCase();
  if (shared) {
    return `
  it('are everybody’s to read and an admin’s to change; a missing one is 404', async () => {
    const { id } = await create(admin);
    const path = \`\${${list}}/\${id}\`;
    expect((await stranger.client.get(path)).status).toBe(200);
    expect((await stranger.client.patch(path, { ${name}: ${other} })).status).toBe(403);
    expect((await stranger.client.delete(path)).status).toBe(403);
    expect((await stranger.client.post(${list}, await body(admin))).status).toBe(403);
    expect((await stranger.client.get(\`\${${list}}/\${UNKNOWN}\`)).status).toBe(404);
  });
`;
  }
  return `
  it.each([
    ['GET', undefined],
    ['PATCH', { ${name}: ${other} }],
    ['DELETE', undefined],
  ] as const)('of somebody else look to %s exactly like missing ones', async (method, change) => {
    const private${one.pascal} = await create(owner);
    const found = await stranger.client.send<ErrorWire>(method, \`\${${list}}/\${private${one.pascal}.id}\`, { body: change });
    const unknown = await stranger.client.send<ErrorWire>(method, \`\${${list}}/\${UNKNOWN}\`, { body: change });
    expect([found.status, unknown.status]).toEqual([404, 404]);
    expect(found.body.error).toMatchObject({ code: 'NOT_FOUND', message: unknown.body.error.message });
    expect((await owner.client.get<${one.pascal}Wire>(\`\${${list}}/\${private${one.pascal}.id}\`)).body).toEqual(private${one.pascal});
  });
`;
}

function comma(text: string): string {
  return text ? `, ${text}` : '';
}
