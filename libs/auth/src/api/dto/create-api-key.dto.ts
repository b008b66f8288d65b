import { IsDisplayName, IsTimestamp } from '@platform/security';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray, IsOptional, IsString, MaxLength } from 'class-validator';

/** Scopes that one key may have; there are fewer permissions. */
const MAX_SCOPES = 200;

/** An API key to make. */
export class CreateApiKeyDto {
  /** 1–100 characters after trimming; for people, and need not be unique. */
  @IsDisplayName(100)
  name: string;

  /** Names of permissions that the caller holds; `GET /app/auth/permissions` lists them. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_SCOPES)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  scopes: string[];

  /** When the key ends; default: as late as is allowed. */
  @IsOptional()
  @IsTimestamp()
  expires_at?: string | null;
}
