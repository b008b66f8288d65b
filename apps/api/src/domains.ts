import { AuthApiModule } from '@api/auth';
import { OrganizationsApiModule } from '@api/organizations';
import { ProjectsApiModule } from '@api/projects';
import { UsersApiModule } from '@api/users';

/** The domains that this process serves over HTTP and sockets. */
export const DOMAINS = [AuthApiModule, UsersApiModule, OrganizationsApiModule, ProjectsApiModule];
