import { AuthWorkerModule } from '@worker/auth';
import { HttpWorkerModule } from '@worker/platform/http';
import { OrganizationsWorkerModule } from '@worker/organizations';
import { ProjectsWorkerModule } from '@worker/projects';
import { UsersWorkerModule } from '@worker/users';

/** What apps/worker does, for an API process that also does the worker's work (WORKER=inline). Loaded only then. */
export const INLINE_WORKER = [
  HttpWorkerModule,
  AuthWorkerModule,
  UsersWorkerModule,
  OrganizationsWorkerModule,
  ProjectsWorkerModule,
];
