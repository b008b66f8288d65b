import { ApiProperty } from '@nestjs/swagger';
import { withEtag } from '@platform/http';
import { type ReadableApiKey } from '../../api-keys/api-keys.service';
import { type ApiKey } from '../../entities/api-key.entity';

/** An API key as its owner sees it. */
export class ApiKeyDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ maxLength: 100 })
  name: string;

  /** The first characters of the key, to tell it from others. */
  @ApiProperty({ example: 'omni_live_3kTMd2' })
  prefix: string;

  /** Permissions that it was given; it does what its owner may do of them at the moment. */
  @ApiProperty({ type: [String] })
  scopes: string[];

  @ApiProperty({ format: 'date-time' })
  expires_at: string;

  /** To the minute; null: never. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_used_at: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  static of(key: ApiKey): ApiKeyDto {
    return ApiKeyDto.fill(new ApiKeyDto(), key);
  }

  /** {@link of}, with the entity tag of the key's version. */
  static tagged(key: ApiKey): ApiKeyDto {
    return withEtag(ApiKeyDto.of(key), key.version);
  }

  /** Copy what leaves the process into a DTO that adds to it. */
  protected static fill<D extends ApiKeyDto>(dto: D, key: ApiKey): D {
    dto.id = key.id;
    dto.name = key.name;
    dto.prefix = key.prefix;
    dto.scopes = key.scopes;
    dto.expires_at = key.expiresAt.toISOString();
    dto.last_used_at = key.lastUsedAt?.toISOString() ?? null;
    dto.created_at = key.createdAt.toISOString();
    dto.updated_at = key.updatedAt.toISOString();
    return dto;
  }
}

/** An API key with its secret, which is shown this once and never again. */
export class ReadableApiKeyDto extends ApiKeyDto {
  /** For the header `Authorization: Bearer`. */
  @ApiProperty({ pattern: '^omni_live_[A-Za-z0-9_-]{40}$', example: `omni_live_${'Example_'.repeat(5)}` })
  secret: string;

  static ofReadable({ key, secret }: ReadableApiKey): ReadableApiKeyDto {
    const dto = ApiKeyDto.fill(new ReadableApiKeyDto(), key);
    dto.secret = secret;
    return withEtag(dto, key.version);
  }
}
