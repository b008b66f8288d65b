import { Body, Controller, Delete, Get, Header, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { IfMatch, PageDto, pageOf, PageQueryDto, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, StepUp } from '@platform/security';
import { ApiKeysService } from '../api-keys/api-keys.service';
import { ApiKeyDto, CreateApiKeyDto, ReadableApiKeyDto, RenameApiKeyDto, RotateApiKeyDto } from './api-key.dto';

/** The caller's own API keys. No key holds the permission for them: only a signed-in person comes here. */
@ApiTags('api-keys')
@Controller({ path: 'app/api-keys', version: ['1', '2'] })
@Can('auth.manage_api_keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  /** List own API keys, newest first. */
  @Get()
  @ApiOkResponse({ type: pageOf(ApiKeyDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQueryDto): Promise<PageDto<ApiKeyDto>> {
    return PageDto.of(await this.keys.page(actor, query), ApiKeyDto.of);
  }

  /** Make an API key with some of the own permissions; its secret is shown this once. */
  // No @Idempotent: a stored answer would be a readable copy of the secret.
  @Post()
  @Header('Cache-Control', 'no-store')
  @StepUp()
  @AuditLog('api_key.created')
  async create(@CurrentActor() actor: Actor, @Body() body: CreateApiKeyDto): Promise<ReadableApiKeyDto> {
    const { expires_at, name, scopes } = body;
    const expiresAt = expires_at ? new Date(expires_at) : undefined;
    return ReadableApiKeyDto.ofReadable(await this.keys.create(actor, { name, scopes, expiresAt }));
  }

  /** Read one own API key. */
  @Get(':id')
  async read(@CurrentActor() actor: Actor, @UuidParam('id', 'API key') id: string): Promise<ApiKeyDto> {
    return ApiKeyDto.of(await this.keys.read(actor, id));
  }

  /** Rename one own API key; with If-Match only the version that it names. */
  @Patch(':id')
  @AuditLog('api_key.updated', { target: 'id' })
  async rename(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'API key') id: string,
    @Body() body: RenameApiKeyDto,
    @IfMatch() version?: number,
  ): Promise<ApiKeyDto> {
    return ApiKeyDto.of(await this.keys.rename(actor, id, body.name, version));
  }

  /** Revoke one own API key: it is refused from now on. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @AuditLog('api_key.revoked', { target: 'id' })
  async revoke(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'API key') id: string,
    @IfMatch() version?: number,
  ): Promise<void> {
    await this.keys.revoke(actor, id, version);
  }

  /** Replace the secret of one own API key; the new one is shown this once, the old one ends at once or after a grace. */
  // No @Idempotent, as above.
  @Post(':id/rotate')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @StepUp()
  @AuditLog('api_key.rotated', { target: 'id' })
  async rotate(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'API key') id: string,
    @Body() body: RotateApiKeyDto,
  ): Promise<ReadableApiKeyDto> {
    return ReadableApiKeyDto.ofReadable(await this.keys.rotate(actor, id, body.grace_minutes ?? undefined));
  }
}
