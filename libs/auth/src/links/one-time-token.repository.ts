import { Injectable } from '@nestjs/common';
import { type User } from '@omni/users';
import { constantTimeEqual, sha256Hex, urlSafeToken } from '@platform/crypto';
import { repositoryOf } from '@platform/database';
import { OneTimeToken, type TokenPurpose } from '../entities/one-time-token.entity';

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

// Some that are issued at once may stay beyond the newest; the order of their ids says which those are.
const GOOD = `
  purpose = :purpose AND token_hash = :token_hash AND used_at IS NULL AND expires_at > :now
  AND (
    SELECT COUNT(*) FROM one_time_tokens newer
    WHERE newer.user_id = one_time_tokens.user_id AND newer.purpose = one_time_tokens.purpose
      AND newer.id > one_time_tokens.id) < CAST(:newest AS integer)`;

const SIBLINGS = `user_id = (SELECT user_id FROM one_time_tokens WHERE ${GOOD})
  AND purpose = :purpose AND used_at IS NULL`;

const OLD = `user_id = :person AND purpose = :purpose AND (used_at IS NOT NULL OR id NOT IN (
  SELECT id FROM one_time_tokens WHERE user_id = :person AND purpose = :purpose ORDER BY id DESC LIMIT :newest))`;

/** Whose token it is, and which address it was mailed to. */
export type TokenOwner = Pick<OneTimeToken, 'userId' | 'email'>;

/**
 * Tokens that travel in links: 256 bits of chance, kept as SHA-256, good for a while. The newest three of a purpose are
 * good; using one ends them all. Challenges of a second factor are counted and used up here, too.
 */
@Injectable()
export class OneTimeTokenRepository extends repositoryOf(OneTimeToken, { defaults: { attempts: 0 } }) {
  private readonly good = this.rows(GOOD);
  private readonly entries = this.rows(`user_id = :person AND purpose IN ('reset_password', 'magic_link')`);
  private readonly expired = this.rows('expires_at < :now').orderedBy('expires_at');

  /** All but the newest of a purpose, and those that were used; locked in the order of {@link using}. */
  private readonly discarding = this.statement('discard', {
    postgres: `
      WITH old AS (SELECT id FROM one_time_tokens WHERE ${OLD} ORDER BY id FOR UPDATE)
      DELETE FROM one_time_tokens USING old WHERE one_time_tokens.id = old.id`,
    sqlite: `DELETE FROM one_time_tokens WHERE ${OLD}`,
  });
  /** Ends a good token and its siblings. Of those that use one or several of them at once, one gets rows. */
  private readonly using = this.statement('use', {
    // Locked in one order: two that use different siblings at once wait for each other in one direction only.
    postgres: `
      WITH siblings AS (SELECT id AS sibling FROM one_time_tokens WHERE ${SIBLINGS} ORDER BY id FOR UPDATE)
      UPDATE one_time_tokens SET used_at = :now FROM siblings WHERE id = sibling RETURNING ${this.table.selected()}`,
    sqlite: `UPDATE one_time_tokens SET used_at = :now WHERE ${SIBLINGS} RETURNING ${this.table.selected()}`,
  });
  /** Counts a code that is shown beside a challenge, before it is looked at; no row when the challenge is dead. */
  private readonly counting = this.statement(
    'count_attempt',
    `INSERT INTO one_time_tokens (id, user_id, purpose, token_hash, email, attempts, created_at, expires_at)
     VALUES (:id, :person, 'second_factor', :token_hash, '', 1, :now, :expires_at)
     ON CONFLICT (token_hash) DO UPDATE SET attempts = one_time_tokens.attempts + 1
       WHERE one_time_tokens.used_at IS NULL AND one_time_tokens.attempts < :most
     RETURNING attempts`,
  );
  /** Of two good codes at once, one gets a row. */
  private readonly usingChallenge = this.statement(
    'use_challenge',
    `UPDATE one_time_tokens SET used_at = :now
     WHERE token_hash = :token_hash AND purpose = 'second_factor' AND used_at IS NULL`,
  );

  /** A new token of the purpose; the only time that it can be read. The newest ones of the purpose stay good beside it. */
  async issue({ email, id: userId }: Pick<User, 'id' | 'email'>, purpose: LinkPurpose): Promise<string> {
    const token = urlSafeToken(32);
    const expiresAt = new Date(this.store.clock.now().getTime() + LINK_MINUTES[purpose] * MINUTE_MS);
    await this.database.transaction(async () => {
      await this.database.execute(this.discarding, { person: userId, purpose, newest: GOOD_AT_ONCE - 1 });
      await this.add({ userId, purpose, tokenHash: sha256Hex(token), email, expiresAt });
    });
    return token;
  }

  /** Whose token it is while it is good; it stays good. For refusing before slow work. */
  async find(token: string, purpose: LinkPurpose): Promise<TokenOwner | null> {
    return ownerOf(await this.good.one(this.valuesOf(token, purpose)));
  }

  /**
   * Use the token up, and end the others of its purpose; null when it is used, expired, too old or none of ours. Of two
   * at once, one gets it, also when they use different ones.
   */
  async use(token: string, purpose: LinkPurpose): Promise<TokenOwner | null> {
    const values = this.valuesOf(token, purpose);
    const ended = await this.entities(this.using, values);
    return ownerOf(ended.find(({ tokenHash }) => constantTimeEqual(tokenHash, values.token_hash)));
  }

  /** Discard the links by which somebody comes in or sets a password; the caller's transaction holds the account. */
  async discardEntries(person: string): Promise<void> {
    await this.entries.deleteAll({ person });
  }

  /** Count an attempt at a challenge; false when it was used or had `most` of them. */
  async countAttempt(
    { expiresAt, tokenHash, userId }: Pick<OneTimeToken, 'userId' | 'tokenHash' | 'expiresAt'>,
    most: number,
  ): Promise<boolean> {
    const { clock, ids } = this.store;
    const row = { id: ids.next(), person: userId, token_hash: tokenHash, now: clock.now(), expires_at: expiresAt };
    return (await this.database.query(this.counting, { ...row, most })).length > 0;
  }

  /** Use a challenge up; of two at once, one gets true. */
  async useChallenge(tokenHash: string): Promise<boolean> {
    const values = { token_hash: tokenHash, now: this.store.clock.now() };
    return (await this.database.execute(this.usingChallenge, values)) > 0;
  }

  /** Remove expired tokens; returns how many. */
  purge(): Promise<number> {
    return this.expired.deleteInBatches({ now: this.store.clock.now() });
  }

  private valuesOf(token: string, purpose: LinkPurpose) {
    return { token_hash: sha256Hex(token), purpose, now: this.store.clock.now(), newest: GOOD_AT_ONCE };
  }
}

function ownerOf(token: OneTimeToken | null | undefined): TokenOwner | null {
  return token ? { userId: token.userId, email: token.email } : null;
}
