import { Injectable } from '@nestjs/common';
import { Clock, type JobContract } from '@platform/kernel';
import { Jobs } from '@platform/queue';
import { sha256Hex } from '@platform/crypto';
import { EMAIL_ADDRESS } from '@platform/security';
import {
  type LinkMail,
  SendAccountNotice,
  SendMagicLinkMail,
  SendPasswordResetMail,
  SendVerificationMail,
} from '../contract';

/** However often it is asked for, an address gets one mail of a kind in this time, milliseconds. */
const ONE_MAIL_IN_MS = 60_000;

/** Asks for the mails about an account. Asking is the same work for every address: the job finds out whose it is. */
@Injectable()
export class AccountMails {
  constructor(
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  /** The link that proves the address. */
  verification(email: string): Promise<void> {
    return this.link(SendVerificationMail, email);
  }

  /** The link that sets a new password. */
  passwordReset(email: string): Promise<void> {
    return this.link(SendPasswordResetMail, email);
  }

  /** The link that signs in. */
  magicLink(email: string): Promise<void> {
    return this.link(SendMagicLinkMail, email);
  }

  /** That somebody tried to register with the address of the account. */
  async attempted(userId: string): Promise<void> {
    const payload = { user_id: userId, notice: 'registration_attempted' } as const;
    await this.jobs.enqueue(SendAccountNotice, payload, { key: `${userId}:${this.minute()}` });
  }

  /** That the password is another one, and how many API keys ended along; inside the transaction in which it happened. */
  async passwordChanged(userId: string, apiKeysEnded: number): Promise<void> {
    const payload = { user_id: userId, notice: 'password_changed', api_keys_ended: apiKeysEnded } as const;
    await this.jobs.enqueue(SendAccountNotice, payload);
  }

  /** What happened to the second factor; inside the transaction in which it did. */
  async notice(userId: string, notice: 'second_factor_enabled' | 'second_factor_disabled'): Promise<void> {
    await this.jobs.enqueue(SendAccountNotice, { user_id: userId, notice });
  }

  private async link(contract: JobContract<LinkMail>, address: string): Promise<void> {
    const email = EMAIL_ADDRESS.normalise(address);
    await this.jobs.enqueue(contract, { email }, { key: `${sha256Hex(email)}:${this.minute()}` });
  }

  private minute(): number {
    return Math.floor(this.clock.now().getTime() / ONE_MAIL_IN_MS);
  }
}
