import { article, sentence } from '../names.ts';
import { type ResourcePlan, permissionOf } from '../resource-plan.ts';

/** A class of the errors or events, by its name. */
export type Block = readonly [symbol: string, text: string];

/** What a resource's errors are called, and say. */
export function errorBlocks({ fields, one, references, shared }: ResourcePlan): { blocks: Block[]; kernel: string[] } {
  const unique = fields.filter(({ field }) => field.unique).map(({ field }) => field.name.words);
  const blocks: Block[] = [
    block(
      one.pascal,
      'NotFound',
      `404: missing${shared ? '' : " or somebody else's"}.`,
      'NotFound',
      'id: string',
      `'${one.pascal}', id`,
    ),
    block(
      one.pascal,
      'Changed',
      '412: the version that the caller saw is not the present one.',
      'PreconditionFailed',
      'id: string',
      `'${one.pascal}', id`,
    ),
    block(
      one.pascal,
      'InUse',
      '409: other rows refer to it.',
      'Conflict',
      'cause: unknown',
      `'The ${one.words} is in use: remove what refers to it first', '${one.pascal}', cause`,
    ),
  ];
  const kernel = ['Conflict', 'NotFound', 'PreconditionFailed'];
  if (unique.length > 0) {
    const message = `'There is ${article(one.words)} with this ${unique.join(' or ')} already'`;
    const whose = shared ? '' : ' of the same owner';
    blocks.push(
      block(
        one.pascal,
        'Taken',
        `409: another ${one.words}${whose} has the ${unique.join(' or the ')}.`,
        'Conflict',
        'cause: unknown',
        `${message}, '${one.pascal}', cause`,
      ),
    );
  }
  if (references.length > 0) {
    const field = references.length === 1 ? 'field: string' : "field = 'reference'";
    const violation = "[{ field, message: 'Refers to nothing that you can see', type: 'reference' }]";
    blocks.push(
      block(
        one.pascal,
        'ReferenceUnknown',
        '422: a field refers to a row that the caller does not see.',
        'ValidationFailed',
        field,
        violation,
      ),
    );
    kernel.push('ValidationFailed');
  }
  return { blocks, kernel };
}

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

function block(resource: string, what: string, doc: string, base: string, parameter: string, values: string): Block {
  const name = `${resource}${what}`;
  return [
    name,
    `/** ${doc} */\nexport class ${name} extends ${base} {\n  constructor(${parameter}) {\n    super(${values});\n  }\n}`,
  ];
}

/** What a deletion does to the rows of a person or tenant: the entry of the domain's subject data. */
export function subjectDataEntry({ many }: ResourcePlan): { mark: string; element: string } {
  const mark = `table: '${many.snake}'`;
  const summary = `${many.words.charAt(0).toUpperCase()}${many.words.slice(1)}`;
  return {
    mark,
    element: `{ ${mark}, column: 'owner_id', holds: 'owner', summary: '${summary}', erasure: { kind: 'delete' } }`,
  };
}
