import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ROLES } from '@contract/users';
import { Can, Permissions } from '@platform/security';
import { RoleCatalogueDto, RoleDto } from './permission.dto';

/** What each role may do, as the domains declare it. */
@ApiTags('auth')
@Controller({ path: 'admin/roles', version: ['1', '2'] })
export class RolesController {
  constructor(private readonly permissions: Permissions) {}

  /** List the roles and their permissions. */
  @Get()
  @Can('auth.read_roles')
  list(): RoleCatalogueDto {
    const catalogue = new RoleCatalogueDto();
    catalogue.items = ROLES.map((role) => RoleDto.of(role, this.permissions.ofRole(role)));
    return catalogue;
  }
}
