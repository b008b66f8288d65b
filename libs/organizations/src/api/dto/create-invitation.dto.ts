import { IsEmailAddress } from '@platform/security';
import { IsIn } from 'class-validator';
import { INVITABLE_ROLES, type InvitableRole } from '../../contract';

/** Whom to invite, and as what. */
export class CreateInvitationDto {
  @IsEmailAddress()
  email: string;

  @IsIn(INVITABLE_ROLES)
  role: InvitableRole;
}
