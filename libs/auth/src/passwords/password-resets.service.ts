import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { LinkProofs } from '../links/link-proofs';
import { LocalCredentials } from './local-credentials';
import { PasswordChange } from './password-change';

/** Published operations of people who have forgotten their password, or never had one. */
@Injectable()
export class PasswordResetsService {
  constructor(
    private readonly credentials: LocalCredentials,
    private readonly links: LinkProofs,
    private readonly afterwards: PasswordChange,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Set a password by the link of a reset mail; the first one, too, of people who came by another provider. The address
   * is verified, every session and every mailed link ends, lockouts are lifted, and the person is told by mail, with the
   * API keys that still work; with `revokeApiKeys` none does.
   * @throws InvalidLink of two that use the link at once, one gets it
   */
  async reset(token: string, password: string, revokeApiKeys = false): Promise<void> {
    // What counts is the use of the link within the transaction.
    await this.links.mustBeGood(token, 'reset_password');
    await this.use(token, await this.credentials.hash(password), revokeApiKeys);
  }

  @Transactional()
  private async use(token: string, passwordHash: string, revokeApiKeys: boolean): Promise<void> {
    // The password stays at a first proof, to be replaced: a sign-in with the old one that is under way holds it, and is
    // among those that end afterwards.
    const proof = await this.links.use(token, 'reset_password', { waysIn: 'password' });
    const { ended, isFirst, user } = proof;
    await this.credentials.set(user, passwordHash);
    const { apiKeys } = await this.afterwards.conclude(user.id, { revokeApiKeys });
    const details = { email_verified: isFirst, ended, api_keys_ended: apiKeys };
    this.audit.note({ resourceType: 'user', resourceId: user.id, details });
    await this.links.record(proof);
  }
}
