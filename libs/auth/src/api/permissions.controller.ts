import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor, Permissions } from '@platform/security';
import { ApiKeyRules } from '../api-keys/api-key-rules';
import { PermissionCatalogueDto, PermissionDto } from './permission.dto';

/** What there is to be allowed. */
@ApiTags('auth')
@Controller({ path: 'app/auth/permissions', version: ['1', '2'] })
export class PermissionsController {
  constructor(
    private readonly permissions: Permissions,
    private readonly rules: ApiKeyRules,
  ) {}

  /** List all permissions: what each allows, who holds it, and whether the caller does. */
  @Get()
  @Can('users.read_own')
  list(@CurrentActor() actor: Actor): PermissionCatalogueDto {
    const catalogue = new PermissionCatalogueDto();
    catalogue.items = this.permissions
      .all()
      .map((permission) => PermissionDto.of(permission, actor, this.rules.canCarry(permission.name)));
    return catalogue;
  }
}
