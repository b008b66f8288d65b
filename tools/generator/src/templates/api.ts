import { enumList, type FieldCode, throughNull } from '../field-code.ts';
import { article, sentence } from '../names.ts';
import { type ResourcePlan, permissionOf, serviceFile } from '../resource-plan.ts';
import { isOptional } from './service.ts';

const OPTIONAL = '@IsOptional()';
const GIVEN = '@ValidateIf((_body, value) => value !== undefined)';

/** What comes in to make one. */
export function createDtoTemplate(plan: ResourcePlan): string {
  const presence = (code: FieldCode) => (code.field.nullable ? [OPTIONAL] : isOptional(code) ? [GIVEN] : []);
  return inputDto(
    plan,
    `Create${plan.one.pascal}Dto`,
    `${sentence(article(plan.one.words))} to make.`,
    presence,
    isOptional,
  );
}

/** What comes in to change one. */
export function updateDtoTemplate(plan: ResourcePlan): string {
  const doc = `New values of ${article(plan.one.words)}; an absent field stays as it is.`;
  const presence = ({ field }: FieldCode) => [field.nullable ? OPTIONAL : GIVEN];
  return inputDto(plan, `Update${plan.one.pascal}Dto`, doc, presence, () => true);
}

function inputDto(
  plan: ResourcePlan,
  name: string,
  doc: string,
  presence: (code: FieldCode) => string[],
  isAbsent: (code: FieldCode) => boolean,
): string {
  const decorators = (code: FieldCode) => [
    ...presence(code),
    ...jsonApi(code),
    ...code.rules.map(([rule]) => `@${rule}`),
  ];
  const used = plan.fields.flatMap(decorators);
  const names = (from: string) => [
    ...new Set(
      plan.fields.flatMap((code) =>
        code.rules.filter(([, where]) => where === from).map(([rule]) => rule.split('(')[0] ?? ''),
      ),
    ),
  ];
  const validators = [...names('class-validator')];
  if (used.includes(OPTIONAL)) validators.push('IsOptional');
  if (used.includes(GIVEN)) validators.push('ValidateIf');
  const lines = plan.fields.map((code) => {
    const type = `${code.wireType}${code.field.nullable ? ' | null' : ''}`;
    const bounds = `${code.bounds}${code.field.nullable ? '; null: none' : ''}.`;
    return `  /** ${bounds} */\n${decorators(code)
      .map((text) => `  ${text}`)
      .join('\n')}\n  ${code.field.name.snake}${isAbsent(code) ? '?' : ''}: ${type};`;
  });
  return `
${hasJson(plan) ? "import { ApiProperty } from '@nestjs/swagger';\nimport { type JsonObject } from '@platform/kernel';" : ''}
${importLine(names('@platform/security'), '@platform/security')}
${importLine(validators, 'class-validator')}
${importLine(enums(plan), `../../entities/${plan.one.kebab}.entity`)}

/** ${doc} */
export class ${name} {
${lines.join('\n\n')}
}`;
}

/** What goes out. */
export function dtoTemplate(plan: ResourcePlan): string {
  const { fields, one, shared } = plan;
  const property = ({ api, bounds, field, wireType }: FieldCode) => {
    const type = field.nullable && !api.includes('type:') && field.type !== 'enum' ? `type: ${metatype(wireType)}` : '';
    const options = [type, field.nullable ? 'nullable: true' : '', api].filter(Boolean).join(', ');
    return `  /** ${bounds}. */\n  @ApiProperty(${options ? `{ ${options} }` : ''})\n  ${field.name.snake}: ${wireType}${field.nullable ? ' | null' : ''};`;
  };
  const assign = ({ field, toWire }: FieldCode) =>
    `    dto.${field.name.snake} = ${throughNull(field, `${one.camel}.${field.name.camel}`, toWire)};`;
  const owner =
    "  /** Id of the person who owns it, or of the organization. */\n  @ApiProperty({ format: 'uuid' })\n  owner_id: string;\n\n";
  return `
import { ApiProperty } from '@nestjs/swagger';
import { withEtag } from '@platform/http';
${hasJson(plan) ? "import { type JsonObject } from '@platform/kernel';" : ''}
import { ${[...enums(plan), `type ${one.pascal}`].join(', ')} } from '../../entities/${one.kebab}.entity';

/** ${sentence(article(one.words))} as ${shared ? 'everybody' : 'its owner'} sees it. */
export class ${one.pascal}Dto {
  @ApiProperty({ format: 'uuid' })
  id: string;

${fields.map(property).join('\n\n')}

${shared ? '' : owner}  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  static of(${one.camel}: ${one.pascal}): ${one.pascal}Dto {
    const dto = new ${one.pascal}Dto();
    dto.id = ${one.camel}.id;
${fields.map(assign).join('\n')}
${shared ? '' : `    dto.owner_id = ${one.camel}.ownerId;\n`}    dto.created_at = ${one.camel}.createdAt.toISOString();
    dto.updated_at = ${one.camel}.updatedAt.toISOString();
    return dto;
  }

  /** {@link of}, with the entity tag of the ${one.words}'s version. */
  static tagged(${one.camel}: ${one.pascal}): ${one.pascal}Dto {
    return withEtag(${one.pascal}Dto.of(${one.camel}), ${one.camel}.version);
  }
}`;
}

/** Translate in, call, translate out. */
export function controllerTemplate(plan: ResourcePlan): string {
  const { many, one, place, route, shared } = plan;
  const own = shared ? '' : 'own ';
  const can = (verb: string) => `@Can('${permissionOf(plan, verb)}')`;
  const target = `@CurrentActor() actor: Actor, @UuidParam('id', '${one.pascal}') id: string`;
  return `
import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { Idempotent, IfMatch, PageDto, pageOf, PageQueryDto, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { ${many.pascal}Service } from '.${serviceFile(plan)}';
import { Create${one.pascal}Dto } from './dto/create-${one.kebab}.dto';
import { Update${one.pascal}Dto } from './dto/update-${one.kebab}.dto';
import { ${one.pascal}Dto } from './dto/${one.kebab}.dto';

/** ${shared ? `${sentence(many.words)}, which belong to nobody` : `The caller's own ${many.words}`}. */
@ApiTags('${place.name.kebab}')
@Controller({ path: '${route}', version: ['1', '2'] })
export class ${many.pascal}Controller {
  constructor(private readonly ${many.camel}: ${many.pascal}Service) {}

  /** List ${own}${many.words}, newest first. */
  @Get()
  ${can('read')}
  @ApiOkResponse({ type: pageOf(${one.pascal}Dto) })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQueryDto): Promise<PageDto<${one.pascal}Dto>> {
    return PageDto.of(await this.${many.camel}.page(actor, query), ${one.pascal}Dto.of);
  }

  /** Create ${article(one.words)}${shared ? '' : ' and own it'}. */
  @Post()
  ${can('create')}
  @Idempotent()
  @AuditLog('resource.created', { resource: '${one.snake}' })
  async create(@CurrentActor() actor: Actor, @Body() body: Create${one.pascal}Dto): Promise<${one.pascal}Dto> {
    return ${one.pascal}Dto.tagged(await this.${many.camel}.create(actor, body));
  }

  /** Read one ${own}${one.words}. */
  @Get(':id')
  ${can('read')}
  async read(${target}): Promise<${one.pascal}Dto> {
    return ${one.pascal}Dto.tagged(await this.${many.camel}.read(actor, id));
  }

  /** Change one ${own}${one.words}; with If-Match only the version that it names. */
  @Patch(':id')
  ${can('update')}
  @AuditLog('resource.updated', { resource: '${one.snake}', target: 'id' })
  async update(${target}, @Body() body: Update${one.pascal}Dto, @IfMatch() version?: number): Promise<${one.pascal}Dto> {
    return ${one.pascal}Dto.tagged(await this.${many.camel}.update(actor, id, body, version));
  }

  /** Delete one ${own}${one.words} for good. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  ${can('delete')}
  @AuditLog('resource.deleted', { resource: '${one.snake}', target: 'id' })
  async delete(${target}, @IfMatch() version?: number): Promise<void> {
    await this.${many.camel}.delete(actor, id, version);
  }
}`;
}

function hasJson({ fields }: ResourcePlan): boolean {
  return fields.some(({ field }) => field.type === 'json');
}

function jsonApi({ field }: FieldCode): string[] {
  const optional = field.nullable ? ', nullable: true' : '';
  return field.type === 'json' ? [`@ApiProperty({ type: 'object', additionalProperties: true${optional} })`] : [];
}

/** The lists and the types of a resource's enumerations. */
function enums({ fields, one }: ResourcePlan): string[] {
  return fields
    .filter(({ field }) => field.type === 'enum')
    .flatMap(({ entityType, field }) => [enumList(one, field.name), `type ${entityType}`]);
}

function metatype(wireType: string): string {
  return { string: 'String', number: 'Number', boolean: 'Boolean' }[wireType] ?? 'Object';
}

function importLine(names: readonly string[], from: string): string {
  return names.length === 0 ? '' : `import { ${[...names].sort().join(', ')} } from '${from}';`;
}
