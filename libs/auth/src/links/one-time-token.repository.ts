import { Injectable } from '@nestjs/common';
import { type User } from '@omni/users';
import { Database } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { constantTimeEqual, sha256Hex, urlSafeToken } from '@platform/crypto';
import { type TokenPurpose } from '../entities/one-time-token.entity';
import * as sql from './one-time-token.statements';

/** What a person can be mailed a link for. */
export type LinkPurpose = Exclude<TokenPurpose, 'second_factor'>;

const MINUTE_MS = 60_000;

/** How long a link is good, minutes. */
export const LINK_MINUTES: Readonly<Record<LinkPurpose, number>> = {
  verify_email: 24 * 60,
  reset_password: 60,
  magic_link: 15,
};

/** A link that a stranger asks for must not take away the one that its person holds: so many stay good. */
const GOOD_AT_ONCE = 3;

/** Whose token it is, and which address it was mailed to. */
export interface TokenOwner {
  readonly userId: string;
  readonly email: string;
}

/**
 * Tokens that travel in links: 256 bits of chance, kept as SHA-256, good for a while. The newest three of a purpose are
 * good; using one ends them all.
 */
@Injectable()
export class OneTimeTokenRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A new token of the purpose; the only time that it can be read. The newest ones of the purpose stay good beside it. */
  async issue(user: Pick<User, 'id' | 'email'>, purpose: LinkPurpose): Promise<string> {
    const token = urlSafeToken(32);
    const now = this.clock.now();
    await this.database.transaction(async () => {
      await this.database.execute(sql.DISCARD, { user_id: user.id, purpose, newest: GOOD_AT_ONCE - 1 });
      await this.database.execute(sql.ISSUE, {
        id: this.ids.next(),
        user_id: user.id,
        purpose,
        token_hash: sha256Hex(token),
        email: user.email,
        now,
        expires_at: new Date(now.getTime() + LINK_MINUTES[purpose] * MINUTE_MS),
      });
    });
    return token;
  }

  /** Whose token it is while it is good; it stays good. For refusing before slow work. */
  async find(token: string, purpose: LinkPurpose): Promise<TokenOwner | null> {
    const [row] = await this.database.query<sql.TokenOwnerRow>(sql.FIND_GOOD, this.parameters(token, purpose));
    return ownerOf(row);
  }

  /**
   * Use the token up, and end the others of its purpose; null when it is used, expired, too old or none of ours. Of two
   * at once, one gets it, also when they use different ones.
   */
  async use(token: string, purpose: LinkPurpose): Promise<TokenOwner | null> {
    const parameters = this.parameters(token, purpose);
    const ended = await this.database.query<sql.EndedTokenRow>(sql.USE, parameters);
    return ownerOf(ended.find((row) => constantTimeEqual(row.token_hash, parameters.token_hash)));
  }

  /** Discard the links by which somebody comes in or sets a password; the caller's transaction holds the account. */
  async discardEntries(userId: string): Promise<void> {
    await this.database.execute(sql.DISCARD_ENTRIES, { user_id: userId });
  }

  /** Remove at most `limit` expired tokens; returns how many are gone. */
  purge(limit: number): Promise<number> {
    return this.database.execute(sql.PURGE, { now: this.clock.now(), limit });
  }

  private parameters(token: string, purpose: LinkPurpose) {
    return { token_hash: sha256Hex(token), purpose, now: this.clock.now(), newest: GOOD_AT_ONCE };
  }
}

function ownerOf(row: sql.TokenOwnerRow | undefined): TokenOwner | null {
  return row ? { userId: row.user_id, email: row.email } : null;
}
