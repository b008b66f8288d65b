import { ApiProperty } from '@nestjs/swagger';
import { type Role, ROLES } from './contract';
import {
  SUBSCRIPTION_PLANS,
  SUBSCRIPTION_STATUSES,
  type SubscriptionPlan,
  type SubscriptionStatus,
  type User,
} from './entities/user.entity';

/** An account as its person sees it. In the core, because `auth` answers with it, too. */
export class UserDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'email', maxLength: 320 })
  email: string;

  @ApiProperty({ type: String, nullable: true, maxLength: 255 })
  full_name: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 2048 })
  avatar_url: string | null;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty()
  is_active: boolean;

  /** Null reads as free. */
  @ApiProperty({ type: String, enum: SUBSCRIPTION_PLANS, nullable: true })
  subscription_plan: SubscriptionPlan | null;

  @ApiProperty({ type: String, enum: SUBSCRIPTION_STATUSES, nullable: true })
  subscription_status: SubscriptionStatus | null;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  static of(user: User): UserDto {
    return UserDto.fill(new UserDto(), user);
  }

  /** Copy these fields into a DTO that adds to them. */
  protected static fill<D extends UserDto>(dto: D, user: User): D {
    dto.id = user.id;
    dto.email = user.email;
    dto.full_name = user.fullName;
    dto.avatar_url = user.avatarUrl;
    dto.role = user.role;
    dto.is_active = user.isActive;
    dto.subscription_plan = user.subscriptionPlan;
    dto.subscription_status = user.subscriptionStatus;
    dto.created_at = user.createdAt.toISOString();
    return dto;
  }
}
