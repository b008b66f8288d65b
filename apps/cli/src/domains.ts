import { AuthCliModule } from '@cli/auth';
import { AuditCliModule } from '@cli/platform/audit';
import { OrganizationsCliModule } from '@cli/organizations';
import { ProjectsCliModule } from '@cli/projects';

/** The command-line sides of domains and platform parts: their commands and seeders. */
export const DOMAINS = [AuditCliModule, AuthCliModule, OrganizationsCliModule, ProjectsCliModule];
