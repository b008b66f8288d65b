import { ApiProperty } from '@nestjs/swagger';
import { PageQueryDto, SearchText, toBoolean, withEtag } from '@platform/http';
import { IsDisplayName, IsHttpUrl } from '@platform/security';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, ValidateIf } from 'class-validator';
import { type Role, ROLES } from '../contract';
import { type User } from '../entities/user.entity';
import { UserDto } from '../user.dto';

const DAY_MS = 86_400_000;

/** New values of the own profile; an absent field stays as it is, null clears it. */
export class UpdateProfileDto {
  /** 1–255 characters after trimming. */
  @IsOptional()
  @IsDisplayName(255)
  full_name?: string | null;

  /** http or https, at most 2048 characters. */
  @IsOptional()
  @IsHttpUrl()
  avatar_url?: string | null;
}

/** New values of an account; an absent field stays as it is. */
export class UpdateUserDto extends UpdateProfileDto {
  /** Granting or removing a role above `user` takes a superadmin. */
  @ValidateIf((_body, value) => value !== undefined)
  @IsIn(ROLES)
  role?: Role;

  /** False shuts the person out. */
  @ValidateIf((_body, value) => value !== undefined)
  @IsBoolean()
  is_active?: boolean;
}

/** Which accounts. */
export class ListUsersDto extends PageQueryDto {
  @Transform(toBoolean)
  @IsOptional()
  @IsBoolean()
  is_active?: boolean;

  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  /** Part of the e-mail address or the name, in any case. Empty: no search. */
  @SearchText(255)
  search?: string;
}

/** An account as its person sees it in v2. */
export class UserV2Dto extends UserDto {
  /** Whether a paid plan is in force, trials included. */
  @ApiProperty()
  is_premium: boolean;

  /** Whole days since the account was made. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  days_since_joined: number;

  /** {@link UserDto.of} with its entity tag, and what follows from it at `now`. */
  static at(user: User, now: Date): UserV2Dto {
    const dto = UserDto.fill(new UserV2Dto(), user);
    dto.is_premium = user.isPremium;
    dto.days_since_joined = Math.max(0, Math.floor((now.getTime() - user.createdAt.getTime()) / DAY_MS));
    return withEtag(dto, user.version);
  }
}

/** An account as an admin sees it. */
export class AdminUserDto extends UserDto {
  @ApiProperty({ type: String, nullable: true, example: 'cus_NffrFeUfNV2Hib' })
  stripe_customer_id: string | null;

  @ApiProperty({ type: String, nullable: true, example: '2000000123456789' })
  apple_original_transaction_id: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'opaque-token-of-google' })
  google_purchase_token: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_login_at: string | null;

  @ApiProperty({ type: 'integer', minimum: 0 })
  login_count: number;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  /** With the entity tag of its version, which lists leave out. */
  static override of(user: User): AdminUserDto {
    const dto = UserDto.fill(new AdminUserDto(), user);
    dto.stripe_customer_id = user.stripeCustomerId;
    dto.apple_original_transaction_id = user.appleOriginalTransactionId;
    dto.google_purchase_token = user.googlePurchaseToken;
    dto.last_login_at = user.lastLoginAt?.toISOString() ?? null;
    dto.login_count = user.loginCount;
    dto.updated_at = user.updatedAt.toISOString();
    return withEtag(dto, user.version);
  }
}
