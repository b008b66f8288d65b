import { ApiProperty } from '@nestjs/swagger';
import { type Role, ROLES } from '@contract/users';
import { type Actor, may, type PermissionContract } from '@platform/kernel';

/** A permission, and how the caller stands to it. */
export class PermissionDto {
  @ApiProperty({ example: 'projects.create' })
  name: string;

  @ApiProperty({ example: 'Create projects' })
  summary: string;

  /** Roles that hold it. */
  @ApiProperty({ type: [String], example: ['user', 'admin', 'superadmin'] })
  roles: string[];

  /** Whether the caller holds it now. */
  @ApiProperty()
  held: boolean;

  /** Whether the caller would hold it after showing a second factor. */
  @ApiProperty()
  withheld: boolean;

  /** Whether an API key can have it as a scope. */
  @ApiProperty()
  for_api_keys: boolean;

  static of({ name, roles, summary }: PermissionContract, actor: Actor, forApiKeys: boolean): PermissionDto {
    const dto = new PermissionDto();
    dto.name = name;
    dto.summary = summary;
    dto.roles = [...roles];
    dto.held = may(actor, name);
    dto.withheld = actor.withheld?.has(name) === true;
    dto.for_api_keys = forApiKeys;
    return dto;
  }
}

/** All permissions there are. */
export class PermissionCatalogueDto {
  @ApiProperty({ type: [PermissionDto] })
  items: PermissionDto[];
}

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
