import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { ORGANIZATION_ROLES, type OrganizationRole } from '../contract';
import { type Member } from '../members/members.service';

/** What a member is from now on. */
export class UpdateMemberDto {
  @IsIn(ORGANIZATION_ROLES)
  role: OrganizationRole;
}

/** A member as the others see them. */
export class MemberDto {
  @ApiProperty({ format: 'uuid' })
  user_id: string;

  @ApiProperty({ enum: ORGANIZATION_ROLES })
  role: OrganizationRole;

  /** Null while the account is being deleted. */
  @ApiProperty({ type: String, format: 'email', maxLength: 320, nullable: true })
  email: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 255 })
  full_name: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 2048 })
  avatar_url: string | null;

  @ApiProperty({ format: 'date-time' })
  joined_at: string;

  static of({ membership, user }: Member): MemberDto {
    const dto = new MemberDto();
    dto.user_id = membership.userId;
    dto.role = membership.role;
    dto.email = user?.email ?? null;
    dto.full_name = user?.fullName ?? null;
    dto.avatar_url = user?.avatarUrl ?? null;
    dto.joined_at = membership.createdAt.toISOString();
    return dto;
  }
}
