import { ORGANIZATION_ROLES, type OrganizationRole } from './contract';
import { OrganizationRoleRequired } from './organizations.errors';

/** @throws OrganizationRoleRequired when the role is below the one that is needed */
export function mustBeAtLeast(needed: OrganizationRole, role: OrganizationRole): void {
  if (ORGANIZATION_ROLES.indexOf(role) < ORGANIZATION_ROLES.indexOf(needed)) throw new OrganizationRoleRequired(needed);
}
