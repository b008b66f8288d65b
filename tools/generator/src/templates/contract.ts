import { article, sentence } from '../names.ts';
import { type ResourcePlan, permissionOf } from '../resource-plan.ts';

/** A declaration of a file that has several, by its name. */
export type Block = readonly [symbol: string, text: string];

/** The facts and the events of a resource's life. */
export function eventBlocks(plan: ResourcePlan): Block[] {
  const { one, place, shared } = plan;
  const facts = `${one.pascal}Facts`;
  const event = (past: string, doc: string, payload: string, summary = doc.split(';')[0] ?? doc): Block => {
    const type = `${place.name.snake}.${one.snake}_${past}`;
    const name = `${one.pascal}${sentence(past)}`;
    return [name, `/** ${doc}. */\nexport class ${name} extends domainEvent<${payload}>('${type}', '${summary}') {}`];
  };
  const a = sentence(article(one.words));
  return [
    [
      facts,
      `/** Facts that every event of ${article(one.words)} carries. */\nexport type ${facts} = { ${one.snake}_id: string${shared ? '' : '; owner_id: string'} };`,
    ],
    event('created', `${a} exists`, facts),
    event(
      'updated',
      `Fields of ${article(one.words)} have new values; \`changed\` lists their wire names`,
      `${facts} & { changed: string[] }`,
    ),
    event('deleted', `${a} is gone`, facts),
  ];
}

/** Names of the events of a resource's life. */
export function lifeEvents({ one }: Pick<ResourcePlan, 'one'>): string[] {
  return ['Created', 'Updated', 'Deleted'].map((past) => `${one.pascal}${past}`);
}

/** The provider by which the sockets of an owner hear of a resource's life. */
export function ownerHears(plan: ResourcePlan): string {
  const [created, updated, deleted] = lifeEvents(plan);
  const events = `{ created: [${created}], updated: [${updated}], deleted: [${deleted}] }`;
  return `...ownerHears('${plan.one.snake}', '${plan.one.snake}_id', ${events})`;
}

/** The permissions of a resource: key, and what it is set to. */
export function permissionEntries(plan: ResourcePlan): (readonly [string, string])[] {
  const { many, one, shared } = plan;
  const everybody = "['user', 'admin', 'superadmin']";
  const admins = "['admin', 'superadmin']";
  const entry = (verb: string, summary: string, roles: string) =>
    [permissionOf(plan, verb), `{ summary: '${summary}', roles: ${roles} }`] as const;
  const own = shared ? '' : 'own ';
  const changers = shared ? admins : everybody;
  return [
    entry('read', `List and read ${own}${many.words}`, everybody),
    entry('create', shared ? `Create ${many.words}` : `Create ${article(one.words)} and own it`, changers),
    entry('update', `Change ${own}${many.words}`, changers),
    entry('delete', `Delete ${own}${many.words}`, changers),
  ];
}
