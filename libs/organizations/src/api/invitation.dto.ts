import { ApiProperty } from '@nestjs/swagger';
import { IsEmailAddress } from '@platform/security';
import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { INVITABLE_ROLES, type InvitableRole } from '../contract';
import { type Invitation } from '../entities/invitation.entity';

/** Whom to invite, and as what. */
export class CreateInvitationDto {
  @IsEmailAddress()
  email: string;

  @IsIn(INVITABLE_ROLES)
  role: InvitableRole;
}

/** What proves that one was invited. */
export class AcceptInvitationDto {
  /** As it was mailed. */
  @IsString()
  @MinLength(1)
  @MaxLength(128)
  token: string;
}

/** An invitation as the admins of the organization see it. Its token goes to the address alone. */
export class InvitationDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'email', maxLength: 320 })
  email: string;

  @ApiProperty({ enum: INVITABLE_ROLES })
  role: InvitableRole;

  /** Id of the person who has invited; null once that account is gone. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  invited_by: string | null;

  /** From then on nobody can accept it; sent again, it has the whole of its time anew. */
  @ApiProperty({ format: 'date-time' })
  expires_at: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;

  static of(invitation: Invitation): InvitationDto {
    const dto = new InvitationDto();
    dto.id = invitation.id;
    dto.email = invitation.email;
    dto.role = invitation.role;
    dto.invited_by = invitation.invitedBy;
    dto.expires_at = invitation.expiresAt.toISOString();
    dto.created_at = invitation.createdAt.toISOString();
    dto.updated_at = invitation.updatedAt.toISOString();
    return dto;
  }
}
