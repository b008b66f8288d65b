import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { LinkNotGood } from '../auth.errors';
import { OneTimeTokenRepository } from '../one-time-tokens/one-time-token.repository';
import { SessionsService } from '../sessions/sessions.service';
import { AccountMails } from './account-mails';
import { LinkProofs } from './link-proofs';
import { LocalCredentials } from './local-credentials';

/** Published operations of people who know their password no more, or never had one. */
@Injectable()
export class PasswordResetsService {
  constructor(
    private readonly tokens: OneTimeTokenRepository,
    private readonly credentials: LocalCredentials,
    private readonly links: LinkProofs,
    private readonly sessions: SessionsService,
    private readonly mails: AccountMails,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Set a password by the link of a reset mail; the first one, too, of who came by another provider.
   *
   * Success: it is set, the address is verified, every sign-in has ended, lockouts are lifted, and the person is told
   * by mail. Failure: `LinkNotGood` (401); of two that use the link at once, one gets it.
   */
  async reset(token: string, password: string): Promise<void> {
    // Looked at before the slow hash; what counts is its use within the transaction.
    if (!(await this.tokens.find(token, 'reset_password'))) throw new LinkNotGood();
    await this.use(token, await this.credentials.hash(password));
  }

  @Transactional()
  private async use(token: string, passwordHash: string): Promise<void> {
    // The password stays at a first proof, to be replaced: a sign-in with the old one that is under way holds it, and is
    // among those that end afterwards.
    const proof = await this.links.use(token, 'reset_password', { waysIn: 'password' });
    const { ended, isFirst, user } = proof;
    await this.credentials.set(user, passwordHash);
    await this.sessions.endAllOf(user.id, 'password_changed');
    await this.mails.notice(user.id, 'password_changed');
    this.audit.note({ resourceType: 'user', resourceId: user.id, details: { email_verified: isFirst, ended } });
    await this.links.record(proof);
  }
}
