import { ApiProperty } from '@nestjs/swagger';
import { type User, UserDto } from '@omni/users';
import { type Actor } from '@platform/kernel';
import { IsCanonicalUuid } from '@platform/security';
import { IsBoolean, IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import { type Session } from '../entities/session.entity';
import { deviceName } from '../sessions/device-name';

/** Who is signed in, and what they may do. */
export class MeDto {
  @ApiProperty({ type: UserDto })
  user: UserDto;

  /** Names of permissions, in alphabetical order. */
  @ApiProperty({ type: [String] })
  permissions: string[];

  /** The API key that the request came with; null: a session. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  api_key_id: string | null;

  /** The organization that the request acts for, by its header or by what the session was switched to; null: yourself. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  organization_id: string | null;

  static of(user: User, actor: Actor): MeDto {
    const dto = new MeDto();
    dto.user = UserDto.of(user);
    dto.permissions = [...actor.permissions].sort();
    dto.api_key_id = actor.apiKeyId ?? null;
    dto.organization_id = actor.tenantId ?? null;
    return dto;
  }
}

/** Which sessions end. */
export class LogoutEverywhereDto {
  /** True: the one that asks goes on. */
  @IsOptional()
  @IsBoolean()
  keep_current?: boolean;
}

/** A fresh proof of identity: one of the two. */
export class StepUpDto {
  /** The password of the account; not enough where there is a second factor. */
  @IsOptional()
  @IsString()
  @Length(1, 128)
  password?: string;

  /** A code of the second factor, or a recovery code. */
  @IsOptional()
  @IsString()
  @Length(6, 32)
  code?: string;
}

/** Whom this session acts for. */
export class SwitchOrganizationDto {
  /** An organization that the caller is a member of; null: themselves. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  @ValidateIf((_body, value) => value !== null)
  @IsCanonicalUuid()
  organization_id: string | null;
}

/** A session as its person sees it. */
export class SessionDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** What the client said it was. */
  @ApiProperty({ example: 'Firefox on Linux' })
  device: string;

  /** Address of the client when it signed in. */
  @ApiProperty({ type: String, nullable: true })
  address: string | null;

  /** `password`, `magic_link`, or `oidc:<provider>`. */
  @ApiProperty({ example: 'password' })
  method: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  refreshed_at: string;

  /** Ends then, unless it is refreshed before. */
  @ApiProperty({ format: 'date-time' })
  expires_at: string;

  /** Whether this request came with it. */
  @ApiProperty()
  current: boolean;

  /** The session as this caller sees it. */
  static of(session: Session, actor: Actor): SessionDto {
    const dto = new SessionDto();
    dto.id = session.id;
    dto.device = deviceName(session.userAgent);
    dto.address = session.clientAddress;
    dto.method = session.method;
    dto.created_at = session.createdAt.toISOString();
    dto.refreshed_at = session.refreshedAt.toISOString();
    dto.expires_at = session.expiresAt.toISOString();
    dto.current = session.id === actor.sessionId;
    return dto;
  }
}
