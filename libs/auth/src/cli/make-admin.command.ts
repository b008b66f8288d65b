import { type Role, ROLES } from '@contract/users';
import { type User, UserDirectory, UsersService } from '@omni/users';
import { AuditLog, AuditTrail } from '@platform/audit';
import { Database } from '@platform/database';
import { Ids, runInContext, systemActor } from '@platform/kernel';
import { CommandRunner, Option, SubCommand } from 'nest-commander';

const GRANTABLE = ROLES.filter((role) => role !== 'user');
const OPERATOR = systemActor('omni');

interface MakeAdminOptions {
  role?: Role;
}

/** `omni auth make-admin`: the way to the first administrator; exit code 1 when the account cannot be one. */
@SubCommand({
  name: 'make-admin',
  arguments: '<email>',
  description: 'Grant an account the role superadmin, or with --role admin; safe to repeat',
})
@AuditLog('user.role_granted', { resource: 'user' })
export class MakeAdminCommand extends CommandRunner {
  constructor(
    private readonly directory: UserDirectory,
    private readonly users: UsersService,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly ids: Ids,
  ) {
    super();
  }

  async run([email = '']: string[], { role = 'superadmin' }: MakeAdminOptions = {}): Promise<void> {
    const user = await this.mustBeActive(email);
    // A role never falls here: `--role admin` leaves a superadmin what they are.
    const holds = ROLES.indexOf(user.role) >= ROLES.indexOf(role);
    if (!holds) await this.grant(user, role);
    process.stdout.write(holds ? `${user.email} is ${user.role} already\n` : `${user.email} is ${role} now\n`);
  }

  @Option({ flags: '--role <role>', description: `${GRANTABLE.join(' or ')} (default superadmin)`, choices: GRANTABLE })
  parseRole(text: string): string {
    return text;
  }

  private async mustBeActive(email: string): Promise<User> {
    const user = await this.directory.byEmail(email);
    if (!user) {
      throw new Error(
        `No account has the address ${email}: let the person register (POST /api/v1/public/auth/register) or sign in ` +
          'once, then repeat this command',
      );
    }
    if (!user.isActive) {
      throw new Error(
        `The account ${user.email} is deactivated: let an admin activate it ` +
          `(POST /api/v1/admin/users/${user.id}/activate) or name another one`,
      );
    }
    return user;
  }

  /** The change and its audit row, both or neither. */
  private grant(user: User, role: Role): Promise<void> {
    return runInContext({ requestId: this.ids.next(), actor: OPERATOR }, () =>
      this.database.transaction(async () => {
        // Read at this version: who was shut out or changed since is not made an admin.
        await this.users.patch(OPERATOR, user.id, { role }, user.version);
        await this.audit.conclude({ action: 'user.role_granted' });
      }),
    );
  }
}
