import { Injectable } from '@nestjs/common';
import { UserDirectory, UsersService } from '@omni/users';
import { CoreConfig } from '@platform/config';
import { Seeder, type Seeds } from '@platform/database';
import { BootRefused, systemActor } from '@platform/kernel';
import { LocalAccountsService } from './local-accounts.service';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './demo-accounts';

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
    for (const { email, full_name, role } of DEMO_ACCOUNTS) {
      if (await this.directory.byEmail(email)) continue;
      const { id } = await this.accounts.create({ email, full_name, password: DEMO_PASSWORD });
      if (role !== 'user') await this.users.patch(systemActor('seed'), id, { role });
      made.push(email);
    }
    return made.length > 0 ? `Accounts ${made.join(' and ')}, password ${DEMO_PASSWORD}` : undefined;
  }
}
