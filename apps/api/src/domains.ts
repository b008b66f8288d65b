import { AuthApiModule } from '@api/auth';
import { ProjectsApiModule } from '@api/projects';
import { UsersApiModule } from '@api/users';

/** The domains that this process serves over HTTP and sockets. */
export const DOMAINS = [AuthApiModule, UsersApiModule, ProjectsApiModule];
