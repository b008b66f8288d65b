import { ApiProperty } from '@nestjs/swagger';
import { type Role, ROLES } from '@contract/users';

/** A role, and all that it may do. */
export class RoleDto {
  @ApiProperty({ enum: ROLES })
  name: Role;

  /** Names of permissions, in alphabetical order. */
  @ApiProperty({ type: [String] })
  permissions: string[];

  static of(name: Role, permissions: ReadonlySet<string>): RoleDto {
    const dto = new RoleDto();
    dto.name = name;
    dto.permissions = [...permissions].sort();
    return dto;
  }
}

/** All roles there are, in rising order. */
export class RoleCatalogueDto {
  @ApiProperty({ type: [RoleDto] })
  items: RoleDto[];
}
