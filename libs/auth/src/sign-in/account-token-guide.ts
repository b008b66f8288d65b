import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { CoreConfig } from '@platform/config';
import { type DemoAccount, TokenGuide } from '@platform/security';
import { AuthConfig } from '../auth.config';
import { EmailVerificationService } from '../links/email-verification.service';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './demo-accounts';

/** Where a token comes from, by the settings in force. */
@Injectable()
export class AccountTokenGuide extends TokenGuide {
  readonly passwords: boolean;
  readonly verifiesFirst: boolean;
  readonly minutes: number;
  readonly issuers: readonly string[];
  readonly demo: readonly DemoAccount[];

  constructor(
    config: AuthConfig,
    core: CoreConfig,
    verification: EmailVerificationService,
    private readonly users: UserDirectory,
  ) {
    super();
    this.passwords = config.providers.includes('local');
    this.verifiesFirst = verification.isRequired;
    this.minutes = config.accessTokenMinutes;
    this.issuers = config.providers.filter((name) => name !== 'local');
    const isShown = this.passwords && core.isLocal && core.mode === 'embedded';
    this.demo = isShown ? DEMO_ACCOUNTS.map(({ email, role }) => ({ email, password: DEMO_PASSWORD, role })) : [];
  }

  async demoAccounts(): Promise<readonly DemoAccount[]> {
    const found = await Promise.all(this.demo.map(({ email }) => this.users.byEmail(email)));
    return this.demo.filter((_account, index) => found[index]?.isActive);
  }
}
