import { enumExports, type FieldCode, isOptional, isMapped, throughNull } from '../field-code.ts';
import { article, sentence } from '../names.ts';
import { type ResourcePlan, permissionOf, serviceFile } from '../resource-plan.ts';
import { importLines } from '../source-edit.ts';

const OPTIONAL = '@IsOptional()';
const GIVEN = '@ValidateIf((_body, value) => value !== undefined)';

/** What comes in, and what goes out. */
export function dtoTemplate(plan: ResourcePlan): string {
  const { fields, one, shared } = plan;
  const hasJson = fields.some(({ field }) => field.type === 'json');
  const rules = fields.flatMap((code) => code.rules.map(([rule, from]) => [[nameIn(rule)], from] as const));
  const imports = importLines([
    [['ApiProperty', 'PartialType'], '@nestjs/swagger'],
    [['withEtag'], '@platform/http'],
    [hasJson ? ['type JsonObject'] : [], '@platform/kernel'],
    [fields.flatMap(presenceOf).map(nameIn), 'class-validator'],
    [[`type ${one.pascal}`, ...enumExports(fields, one)], `../entities/${one.kebab}.entity`],
    ...rules,
  ]);
  const owner =
    "  /** Id of the person who owns it, or of the organization. */\n  @ApiProperty({ format: 'uuid' })\n  owner_id: string;\n\n";
  return `
${imports}

/** ${sentence(article(one.words))} to make. */
export class Create${one.pascal}Dto {
${fields.map(inputProperty).join('\n\n')}
}

/** New values of ${article(one.words)}; an absent field stays as it is. */
export class Update${one.pascal}Dto extends PartialType(Create${one.pascal}Dto, { skipNullProperties: false }) {}

/** ${sentence(article(one.words))} as ${shared ? 'everybody' : 'its owner'} sees it. */
export class ${one.pascal}Dto {
  @ApiProperty({ format: 'uuid' })
  id: string;

${fields.map(outputProperty).join('\n\n')}

${shared ? '' : owner}  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  /** With the entity tag of its version, which lists leave out. */
  static of(${one.camel}: ${one.pascal}): ${one.pascal}Dto {
    const dto = new ${one.pascal}Dto();
    dto.id = ${one.camel}.id;
${fields.map(({ field, toWire }) => `    dto.${field.name.snake} = ${throughNull(field, `${one.camel}.${field.name.camel}`, toWire)};\n`).join('')}${shared ? '' : `    dto.owner_id = ${one.camel}.ownerId;\n`}    dto.created_at = ${one.camel}.createdAt.toISOString();
    dto.updated_at = ${one.camel}.updatedAt.toISOString();
    return withEtag(dto, ${one.camel}.version);
  }
}`;
}

function presenceOf(code: FieldCode): string[] {
  return code.field.nullable ? [OPTIONAL] : isOptional(code) ? [GIVEN] : [];
}

function inputProperty(code: FieldCode): string {
  const { bounds, field, rules, wireType } = code;
  const json = `@ApiProperty({ type: 'object', additionalProperties: true${field.nullable ? ', nullable: true' : ''} })`;
  const decorators = [
    ...presenceOf(code),
    ...(field.type === 'json' ? [json] : []),
    ...rules.map(([rule]) => `@${rule}`),
  ];
  return [
    `  /** ${bounds}${field.nullable ? '; null: none' : ''}. */`,
    ...decorators.map((text) => `  ${text}`),
    `  ${field.name.snake}${isOptional(code) ? '?' : ''}: ${wireType}${field.nullable ? ' | null' : ''};`,
  ].join('\n');
}

function outputProperty({ api, bounds, field, wireType }: FieldCode): string {
  const type = field.nullable && !api.includes('type:') && field.type !== 'enum' ? `type: ${metatype(wireType)}` : '';
  const options = [type, field.nullable ? 'nullable: true' : '', api].filter(Boolean).join(', ');
  return `  /** ${bounds}. */
  @ApiProperty(${options ? `{ ${options} }` : ''})
  ${field.name.snake}: ${wireType}${field.nullable ? ' | null' : ''};`;
}

/** Translate in, call, translate out. */
export function controllerTemplate(plan: ResourcePlan): string {
  const { fields, many, one, place, route, shared } = plan;
  const own = shared ? '' : 'own ';
  const can = (verb: string) => `@Can('${permissionOf(plan, verb)}')`;
  const target = `@CurrentActor() actor: Actor, @UuidParam('id', '${one.pascal}') id: string`;
  const mapped = isMapped(fields);
  const body = mapped ? `fromWire(${one.pascal}, body)` : 'body';
  return `
import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
${mapped ? "import { fromWire } from '@platform/database';\n" : ''}import { Idempotent, IfMatch, PageDto, pageOf, PageQueryDto, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
${mapped ? `import { ${one.pascal} } from '../entities/${one.kebab}.entity';\n` : ''}import { ${many.pascal}Service } from '.${serviceFile(plan)}';
import { Create${one.pascal}Dto, Update${one.pascal}Dto, ${one.pascal}Dto } from './${one.kebab}.dto';

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
    return ${one.pascal}Dto.of(await this.${many.camel}.create(actor, ${body}));
  }

  /** Read one ${own}${one.words}. */
  @Get(':id')
  ${can('read')}
  async read(${target}): Promise<${one.pascal}Dto> {
    return ${one.pascal}Dto.of(await this.${many.camel}.read(actor, id));
  }

  /** Change one ${own}${one.words}; with If-Match only the version that it names. */
  @Patch(':id')
  ${can('update')}
  @AuditLog('resource.updated', { resource: '${one.snake}', target: 'id' })
  async update(${target}, @Body() body: Update${one.pascal}Dto, @IfMatch() version?: number): Promise<${one.pascal}Dto> {
    return ${one.pascal}Dto.of(await this.${many.camel}.update(actor, id, ${body}, version));
  }

  /** Delete one ${own}${one.words} for good. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  ${can('delete')}
  @AuditLog('resource.deleted', { resource: '${one.snake}', target: 'id' })
  delete(${target}, @IfMatch() version?: number): Promise<void> {
    return this.${many.camel}.delete(actor, id, version);
  }
}`;
}

function metatype(wireType: string): string {
  return { string: 'String', number: 'Number', boolean: 'Boolean' }[wireType] ?? 'Object';
}

/** `IsInt32`, of `IsInt32()` and of `@IsInt32()`. */
function nameIn(decorator: string): string {
  return /\w+/.exec(decorator)?.[0] ?? '';
}
