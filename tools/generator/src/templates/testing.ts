import { article, type Name } from '../names.ts';
import { type ResourcePlan, serviceFile } from '../resource-plan.ts';
import { isOptional } from './service.ts';

/** `aVehicle`, `anInspection`. */
export function factoryOf(one: Name): string {
  return `${article(one.words).split(' ')[0]}${one.pascal}`;
}

/** Rows for tests, made by the service, so that they cannot be what the system forbids. */
export function factoryTemplate(plan: ResourcePlan): string {
  const { fields, many, one, references } = plan;
  const needed = references.filter(({ code }) => !code.field.nullable).map(({ code }) => `'${code.field.name.snake}'`);
  const input =
    needed.length > 0
      ? `Partial<New${one.pascal}> & Pick<New${one.pascal}, ${needed.join(' | ')}>`
      : `Partial<New${one.pascal}>`;
  const given = needed.length > 0 ? `input: ${input}` : `input: ${input} = {}`;
  const own = fields.filter(({ field }) => field.type !== 'ref');
  return `
import { type Actor } from '@platform/kernel';
import { type ${one.pascal} } from '../entities/${one.kebab}.entity';
import { type New${one.pascal}, type ${many.pascal}Service } from '.${serviceFile(plan)}';

${own.some(({ sample }) => sample.includes('serial')) ? 'let serial = 0;\n' : ''}
/** What a request makes ${article(one.words)} of, every field given; give what the test is about. */
export function ${one.camel}Body(${given}): New${one.pascal} {
${own.some(({ sample }) => sample.includes('serial')) ? '  serial += 1;\n' : ''}  return {
${own.map(({ field, sample }) => `    ${field.name.snake}: ${sample},`).join('\n')}
    ...input,
  };
}

/** A stored ${one.words} of the actor, made by the service; give only what the test is about. */
export function ${factoryOf(one)}(${many.camel}: ${many.pascal}Service, actor: Actor, ${given}): Promise<${one.pascal}> {
  return ${many.camel}.create(actor, ${one.camel}Body(input));
}`;
}

/** The small test: what the DTOs take and refuse. */
export function dtoSpecTemplate(plan: ResourcePlan): string {
  const { fields, one, references } = plan;
  const id = "'0198f1c2-6f3a-7000-8000-000000000001'";
  const required = references
    .filter(({ code }) => !code.field.nullable)
    .map(({ code }) => `${code.field.name.snake}: ${id}`);
  const cases = fields.flatMap(({ bad, field }) =>
    bad.map(([title, value]) => [`${article(field.name.words)} ${title}`, field.name.snake, value] as const),
  );
  const missing = fields.filter((code) => !isOptional(code));
  const kept = fields.filter(({ field }) => !field.nullable);
  return `
import { InputPipe } from '@platform/http';
import { ${one.camel}Body } from '../../testing/${one.kebab}.factory';
import { Create${one.pascal}Dto } from './create-${one.kebab}.dto';
import { Update${one.pascal}Dto } from './update-${one.kebab}.dto';

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
