import { Injectable } from '@nestjs/common';
import { type User } from '@omni/users';
import { Database } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { sha256Hex, urlSafeToken } from '@platform/security';
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

/** Whose token it is, and which address it was mailed to. */
export interface TokenOwner {
  readonly userId: string;
  readonly email: string;
}

/** Tokens that travel in links: 256 bits of chance, kept as SHA-256, good once, for a while, until there is a newer one. */
@Injectable()
export class OneTimeTokenRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A new token of the purpose; the only time that it can be read. Earlier ones of the same purpose are dead. */
  async issue(user: Pick<User, 'id' | 'email'>, purpose: LinkPurpose): Promise<string> {
    const token = urlSafeToken(32);
    const now = this.clock.now();
    await this.database.transaction(async () => {
      await this.database.execute(sql.DISCARD, { user_id: user.id, purpose });
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
    return ownerOf(await this.database.query<sql.UsedTokenRow>(sql.FIND_GOOD, this.parameters(token, purpose)));
  }

  /** Use the token up; null when it is used, expired, replaced or none of ours. Of two at once, one gets it. */
  async use(token: string, purpose: LinkPurpose): Promise<TokenOwner | null> {
    return ownerOf(await this.database.query<sql.UsedTokenRow>(sql.USE, this.parameters(token, purpose)));
  }

  /** Remove at most `limit` expired tokens; returns how many are gone. */
  purge(limit: number): Promise<number> {
    return this.database.execute(sql.PURGE, { now: this.clock.now(), limit });
  }

  private parameters(token: string, purpose: LinkPurpose) {
    return { token_hash: sha256Hex(token), purpose, now: this.clock.now() };
  }
}

function ownerOf([row]: sql.UsedTokenRow[]): TokenOwner | null {
  return row ? { userId: row.user_id, email: row.email } : null;
}
