import { AuthWorkerModule } from '@worker/auth';
import { HttpWorkerModule } from '@worker/platform/http';
import { OrganizationsWorkerModule } from '@worker/organizations';
import { ProjectsWorkerModule } from '@worker/projects';
import { UsersWorkerModule } from '@worker/users';

/** The domains, and the platform part, whose work this process does. */
export const DOMAINS = [
  HttpWorkerModule,
  AuthWorkerModule,
  UsersWorkerModule,
  OrganizationsWorkerModule,
  ProjectsWorkerModule,
];
