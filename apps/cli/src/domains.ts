import { AuthCliModule } from '@cli/auth';
import { AuditCliModule } from '@cli/platform/audit';
import { ProjectsCliModule } from '@cli/projects';

/** The command-line sides of domains and platform parts: their commands and seeders. */
export const DOMAINS = [AuditCliModule, AuthCliModule, ProjectsCliModule];
