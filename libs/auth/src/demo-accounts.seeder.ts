import { Injectable } from '@nestjs/common';
import { type Role } from '@contract/users';
import { UserDirectory, UsersService } from '@omni/users';
import { CoreConfig } from '@platform/config';
import { Seeder, type Seeds } from '@platform/database';
import { BootRefused, systemActor } from '@platform/kernel';
import { LocalAccountsService } from './credentials/local-accounts.service';

/** Everybody knows it: the accounts exist where ENVIRONMENT is local and nowhere else. */
const PASSWORD = 'omnistack-demo';

const ACCOUNTS: readonly { email: string; full_name: string; role: Role }[] = [
  { email: 'admin@omnistack.local', full_name: 'Demo Admin', role: 'superadmin' },
  { email: 'user@omnistack.local', full_name: 'Demo User', role: 'user' },
];

/** Two accounts for the first look. */
@Seeder({ set: 'demo' })
@Injectable()
export class DemoAccountsSeeder implements Seeds {
  constructor(
    private readonly accounts: LocalAccountsService,
    private readonly directory: UserDirectory,
    private readonly users: UsersService,
    private readonly core: CoreConfig,
  ) {}

  /** Make the accounts that are missing. @throws BootRefused outside of ENVIRONMENT=local */
  async seed(): Promise<string | undefined> {
    if (!this.core.isLocal) {
      throw new BootRefused([
        `Demo accounts have a public password and exist only with ENVIRONMENT=local, not ${this.core.environment}: ` +
          'seed the set `required` instead',
      ]);
    }
    const made: string[] = [];
    for (const { email, full_name, role } of ACCOUNTS) {
      if (await this.directory.byEmail(email)) continue;
      const { id } = await this.accounts.create({ email, full_name, password: PASSWORD });
      if (role !== 'user') await this.users.patch(systemActor('seed'), id, { role });
      made.push(email);
    }
    return made.length > 0 ? `Accounts ${made.join(' and ')}, password ${PASSWORD}` : undefined;
  }
}
