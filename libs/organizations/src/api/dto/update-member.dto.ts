import { IsIn } from 'class-validator';
import { ORGANIZATION_ROLES, type OrganizationRole } from '../../contract';

/** What a member is from now on. */
export class UpdateMemberDto {
  @IsIn(ORGANIZATION_ROLES)
  role: OrganizationRole;
}
