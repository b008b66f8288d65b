import { ApiProperty } from '@nestjs/swagger';
import { IsDisplayName, IsTimestamp } from '@platform/security';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray, IsOptional, IsString, MaxLength } from 'class-validator';

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
