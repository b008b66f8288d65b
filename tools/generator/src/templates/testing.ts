import { isMapped, isOptional } from '../field-code.ts';
import { article, type Name } from '../names.ts';
import { type ResourcePlan, serviceFile } from '../resource-plan.ts';
import { importLines } from '../source-edit.ts';

/** `aVehicle`, `anInspection`. */
export function factoryOf(one: Name): string {
  return `${article(one.words).split(' ')[0]}${one.pascal}`;
}

/** Rows for tests, made by the service, so that they cannot be what the system forbids. */
export function factoryTemplate(plan: ResourcePlan): string {
  const { fields, many, one, references, shared } = plan;
  const needed = references.filter(({ code }) => !code.field.nullable).map(({ code }) => `'${code.field.name.camel}'`);
  const some = `Partial<New${one.pascal}>`;
  const given =
    needed.length > 0 ? `input: ${some} & Pick<New${one.pascal}, ${needed.join(' | ')}>` : `input: ${some} = {}`;
  const own = fields.filter(({ field }) => field.type !== 'ref');
  const isCounted = own.some(({ sample }) => sample.includes('serial'));
  // What nobody owns is the same for all files of tests that share a running system.
  const isRandom = isCounted && shared;
  const serial = isRandom
    ? '// Other tests make such rows in the same system: each file counts from elsewhere.\nlet serial = randomInt(1_000_000);'
    : 'let serial = 0;';
  const values = own.map(({ field, sample }) => `    ${field.name.camel}: ${sample},\n`).join('');
  const make = () => `(${given}): New${one.pascal} {
${isCounted ? '  serial += 1;\n' : ''}  return {
${values}    ...input,
  };
}`;
  const body = `${one.camel}Body`;
  const doc = `/** What a request makes ${article(one.words)} of, every field given; give what the test is about. */`;
  const mapped = isMapped(fields);
  const maker = mapped ? `new${one.pascal}` : body;
  return `
${importLines([
  [isRandom ? ['randomInt'] : [], 'node:crypto'],
  [mapped ? ['toWire', 'type Wire'] : [], '@platform/database'],
  [['type Actor'], '@platform/kernel'],
  [[`type New${one.pascal}`, `type ${one.pascal}`], `../entities/${one.kebab}.entity`],
  [[`type ${many.pascal}Service`], `.${serviceFile(plan)}`],
])}

${isCounted ? `${serial}\n\n` : ''}${
    mapped
      ? `function ${maker}${make().replace(' = {}', '')}

${doc}
export function ${body}(${given}): Wire<New${one.pascal}> {
  return toWire(${maker}(input));
}`
      : `${doc}\nexport function ${maker}${make()}`
  }

/** A stored ${one.words} of the actor, made by the service; give only what the test is about. */
export function ${factoryOf(one)}(${many.camel}: ${many.pascal}Service, actor: Actor, ${given}): Promise<${one.pascal}> {
  return ${many.camel}.create(actor, ${maker}(input));
}`;
}

/** The small test: what the DTOs take and refuse. */
export function dtoSpecTemplate(plan: ResourcePlan): string {
  const { fields, one, references } = plan;
  const id = "'0198f1c2-6f3a-7000-8000-000000000001'";
  const required = references
    .filter(({ code }) => !code.field.nullable)
    .map(({ code }) => `${code.field.name.camel}: ${id}`);
  const cases = fields.flatMap(({ bad, field }) =>
    bad.map(([title, value]) => [`${article(field.name.words)} ${title}`, field.name.snake, value] as const),
  );
  const missing = fields.filter((code) => !isOptional(code));
  const kept = fields.filter(({ field }) => !field.nullable);
  return `
import { InputPipe } from '@platform/http';
import { ${one.camel}Body } from '../testing/${one.kebab}.factory';
import { Create${one.pascal}Dto, Update${one.pascal}Dto } from './${one.kebab}.dto';

const pipe = new InputPipe();
const read = (metatype: new () => object, value: object) => pipe.transform(value, { type: 'body', metatype });
const body = () => ${one.camel}Body(${required.length > 0 ? `{ ${required.join(', ')} }` : ''});

describe('the input of ${plan.many.words}', () => {
  it('is taken as it is, and an absent change for none', async () => {
    const given = body();
    expect({ ...(await read(Create${one.pascal}Dto, given) as object) }).toEqual(given);
    expect({ ...(await read(Update${one.pascal}Dto, given) as object) }).toEqual(given);
    expect(await read(Update${one.pascal}Dto, {})).toEqual({});
  });

  it.each<[string, object]>([
${cases.map(([title, name, value]) => `    ["${title}", { ${name}: ${value} }],`).join('\n')}
    ['a field that is not known', { owner_id: ${id} }],
  ])('refuses %s', async (_title, wrong) => {
    await expect(read(Create${one.pascal}Dto, { ...body(), ...wrong })).rejects.toMatchObject({ status: 422 });
    await expect(read(Update${one.pascal}Dto, wrong)).rejects.toMatchObject({ status: 422 });
  });
${each(
  missing.map(({ field }) => field.name.snake),
  'refuses to make one without %s',
  `async (field) => {
    await expect(read(Create${one.pascal}Dto, { ...body(), [field]: undefined })).rejects.toMatchObject({ status: 422 });
  }`,
)}${each(
    kept.map(({ field }) => field.name.snake),
    'refuses to clear %s',
    `async (field) => {
    await expect(read(Update${one.pascal}Dto, { [field]: null })).rejects.toMatchObject({ status: 422 });
  }`,
  )}});`;
}

function each(names: readonly string[], title: string, body: string): string {
  return names.length === 0
    ? ''
    : `\n  it.each([${names.map((name) => `'${name}'`).join(', ')}])('${title}', ${body});\n`;
}
