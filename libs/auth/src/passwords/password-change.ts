import { Injectable } from '@nestjs/common';
import { ApiKeysService } from '../api-keys/api-keys.service';
import { AccountMails } from '../links/account-mails';
import { OneTimeTokenRepository } from '../links/one-time-token.repository';
import { SessionsService } from '../sessions/sessions.service';

/** What stays and what ends when a password has become another one. */
export interface PasswordChangeScope {
  /** The session that stays: that of the person who changed it. */
  readonly keep?: string;
  /** Whether API keys end, too. */
  readonly revokeApiKeys: boolean;
}

/** What a new password ends, whoever set it: sessions, links that were mailed before, and API keys where it is asked for. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly sessions: SessionsService,
    private readonly links: OneTimeTokenRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly mails: AccountMails,
  ) {}

  /** End it and tell the person, with the caller's transaction, which holds the account. @returns how many ended */
  async conclude(
    userId: string,
    { keep, revokeApiKeys }: PasswordChangeScope,
  ): Promise<{ sessions: number; apiKeys: number }> {
    const sessions = await this.sessions.end(userId, 'password_changed', { except: keep });
    // Else whoever has read the person's mails sets another one, or is in without any.
    await this.links.discardEntries(userId);
    const apiKeys = revokeApiKeys ? await this.apiKeys.endAllOf(userId) : 0;
    await this.mails.passwordChanged(userId, apiKeys);
    return { sessions, apiKeys };
  }
}
