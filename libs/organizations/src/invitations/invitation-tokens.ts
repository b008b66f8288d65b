import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Clock } from '@platform/kernel';
import { constantTimeEqual, deriveKey, hmacHex, sha256Hex } from '@platform/crypto';
import { type Invitation } from '../entities/invitation.entity';
import { OrganizationsConfig } from '../organizations.config';

const DAY_MS = 86_400_000;

/**
 * Tokens of invitations. One follows from the invitation, its version and `SECRET_KEY`, so no row of a job holds one,
 * and a mail that is tried again carries the same; the database holds its SHA-256, so a new key voids no token that was
 * mailed.
 */
@Injectable()
export class InvitationTokens {
  private readonly key: Buffer;

  constructor(
    private readonly config: OrganizationsConfig,
    private readonly clock: Clock,
    core: CoreConfig,
  ) {
    this.key = deriveKey(core.secretKey, 'organization-invitation');
  }

  /** The hash to find the invitation of a token by. */
  hashOf(token: string): string {
    return sha256Hex(token);
  }

  /** What an invitation has of its token as of `version`, and the whole of its time. */
  issue(id: string, version: number): Pick<Invitation, 'tokenHash' | 'expiresAt'> {
    return { tokenHash: this.hashOf(this.tokenOf(id, version)), expiresAt: this.expiryOf(this.clock.now()) };
  }

  /** When an invitation that is mailed at this time expires. */
  expiryOf(mailedAt: Date): Date {
    return new Date(mailedAt.getTime() + this.config.invitationDays * DAY_MS);
  }

  /** The token of the invitation as it is; null when `SECRET_KEY` is another by now. */
  reveal({ id, tokenHash, version }: Invitation): string | null {
    const token = this.tokenOf(id, version);
    return constantTimeEqual(this.hashOf(token), tokenHash) ? token : null;
  }

  private tokenOf(id: string, version: number): string {
    return hmacHex(`${id}:${version}`, this.key);
  }
}
