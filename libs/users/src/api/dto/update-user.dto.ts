import { IsBoolean, IsIn, ValidateIf } from 'class-validator';
import { type Role, ROLES } from '../../contract/users.roles';
import { UpdateProfileDto } from './update-profile.dto';

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
