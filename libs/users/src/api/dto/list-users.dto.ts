import { PageQueryDto, toBoolean } from '@platform/http';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { type Role, ROLES } from '../../contract/users.roles';

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
  @Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value))
  @IsOptional()
  @IsString()
  @MaxLength(255)
  search?: string;
}
