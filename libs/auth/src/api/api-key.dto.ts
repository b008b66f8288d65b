import { ApiProperty } from '@nestjs/swagger';
import { withEtag } from '@platform/http';
import { IsDisplayName, IsTimestamp } from '@platform/security';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { type ReadableApiKey } from '../api-keys/api-keys.service';
import { type ApiKey } from '../entities/api-key.entity';

/** Scopes that one key may have; there are fewer permissions. */
const MAX_SCOPES = 200;

/** An API key to make. */
export class CreateApiKeyDto {
  /** 1–100 characters after trimming; for people, and need not be unique. */
  @ApiProperty({ example: 'Nightly report' })
  @IsDisplayName(100)
  name: string;

  /** Names of permissions that the caller holds; `GET /app/auth/permissions` lists them. */
  @ApiProperty({ example: ['users.read_own'] })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_SCOPES)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  scopes: string[];

  /** When the key ends; null or absent: as late as is allowed. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, required: false, example: null })
  @IsOptional()
  @IsTimestamp()
  expires_at?: string | null;
}

/** Another name of an API key. What it may do cannot be changed: make a new one. */
export class RenameApiKeyDto {
  /** 1–100 characters after trimming. */
  @IsDisplayName(100)
  name: string;
}

/** How an API key is replaced. */
export class RotateApiKeyDto {
  /** Minutes that the old key stays good, for programs that have not heard of the new one; default 0: it ends at once. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_080)
  grace_minutes?: number | null;
}

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

  /** With the entity tag of its version, which lists leave out. */
  static of(key: ApiKey): ApiKeyDto {
    return ApiKeyDto.fill(new ApiKeyDto(), key);
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
    return withEtag(dto, key.version);
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
    return dto;
  }
}
