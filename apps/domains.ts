import { AuthModule } from '@omni/auth';
import { OrganizationsModule } from '@omni/organizations';
import { ProjectsModule } from '@omni/projects';
import { UsersModule } from '@omni/users';

/**
 * Every domain, by its core. All processes load all of them, whatever entry points a domain has: each knows every table,
 * migration, permission, event and setting. `src/domains.ts` of an app says what that app does beside.
 */
export const CORES = [AuthModule, UsersModule, OrganizationsModule, ProjectsModule];
