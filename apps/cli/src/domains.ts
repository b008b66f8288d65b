import { AuthCliModule } from '@cli/auth';
import { AuditCliModule } from '@cli/platform/audit';

/** The command-line entry points of domains and platform parts: their commands. */
export const DOMAINS = [AuditCliModule, AuthCliModule];
