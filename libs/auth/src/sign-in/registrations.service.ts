import { Injectable } from '@nestjs/common';
import { EmailTaken, type NewUser, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { type SignIn } from './sign-ins.service';
import { AccountMails } from '../links/account-mails';
import { EmailVerificationService } from '../links/email-verification.service';
import { type EmailAndPassword, LocalAccountsService } from './local-accounts.service';

/** Published operations of people who come for the first time. */
@Injectable()
export class RegistrationsService {
  constructor(
    private readonly accounts: LocalAccountsService,
    private readonly verification: EmailVerificationService,
    private readonly mails: AccountMails,
    private readonly users: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Make an account; a mail with the link that proves its address is on its way.
   * @returns the tokens; null where nobody comes in before their address is verified, also for an address that is taken:
   * its owner is told by mail
   * @throws EmailTaken where tokens are given
   */
  async register(input: NewUser & EmailAndPassword): Promise<SignIn | null> {
    const signIn = this.verification.isRequired ? await this.createQuietly(input) : await this.accounts.register(input);
    if (signIn !== 'taken') await this.mails.verification(input.email);
    return signIn === 'taken' ? null : signIn;
  }

  private async createQuietly(input: NewUser & EmailAndPassword): Promise<null | 'taken'> {
    try {
      await this.accounts.create(input);
      return null;
    } catch (error) {
      if (!(error instanceof EmailTaken)) throw error;
    }
    const owner = await this.users.byEmail(input.email);
    if (owner) await this.mails.attempted(owner.id);
    this.audit.note({ description: 'The address has an account: nothing was made, its owner is told' });
    return 'taken';
  }
}
