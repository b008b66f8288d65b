import { Injectable } from '@nestjs/common';
import { sha256Hex } from '@platform/crypto';
import { EntityStore, repositoryOf, textOf, timeOf } from '@platform/database';
import { AuthConfig } from '../auth.config';
import { RefreshToken } from '../entities/refresh-token.entity';
import { RefreshTokens } from './refresh-tokens';

/** What a presented refresh token is worth. */
export interface PresentedToken {
  readonly id: string;
  readonly sessionId: string;
  readonly userId: string;
  /** `good`: exchange it; `reused`: exchanged before and out of its grace; `dead`: expired, or its session has ended. */
  readonly state: 'good' | 'reused' | 'dead';
}

/** Named queries on refresh tokens; for callers who make actors and so have none. */
@Injectable()
export class RefreshTokenRepository extends repositoryOf(RefreshToken) {
  private readonly hashed = this.rows('refresh_tokens.token_hash = :hash', {
    as: 'token',
    join: 'JOIN sessions ON sessions.id = refresh_tokens.session_id',
    beside: { userId: textOf<string>('sessions.user_id'), endedAt: timeOf<Date | null>('sessions.ended_at') },
  });
  private readonly expired = this.rows('expires_at < :now').orderedBy('expires_at');
  /** The first exchange counts: the grace window runs from it. */
  private readonly rotating = this.statement(
    'rotate',
    'UPDATE refresh_tokens SET rotated_at = :now WHERE id = :id AND rotated_at IS NULL',
  );

  constructor(
    store: EntityStore,
    private readonly config: AuthConfig,
    private readonly texts: RefreshTokens,
  ) {
    super(store);
  }

  /** A new refresh token of the session; the only time that it can be read. */
  async issue(sessionId: string, userId: string): Promise<string> {
    const token = this.texts.make(sessionId, userId);
    const expiresAt = this.config.sessionEnd(this.store.clock.now());
    await this.add({ sessionId, tokenHash: sha256Hex(token), expiresAt });
    return token;
  }

  /** The presented token, or null when it is none of ours. */
  async find(text: string): Promise<PresentedToken | null> {
    const found = await this.hashed.one({ hash: sha256Hex(text) });
    if (!found) return null;
    const { endedAt, token, userId } = found;
    return { id: token.id, sessionId: token.sessionId, userId, state: this.stateOf(token, endedAt) };
  }

  /** Mark the token as exchanged; one that another tab exchanged a moment ago stays so, which is what the grace is for. */
  async rotate({ id }: PresentedToken): Promise<void> {
    await this.database.execute(this.rotating, { id, now: this.store.clock.now() });
  }

  /** Remove expired tokens; returns how many. */
  purge(): Promise<number> {
    return this.expired.deleteInBatches({ now: this.store.clock.now() });
  }

  private stateOf({ expiresAt, rotatedAt }: RefreshToken, endedAt: Date | null): PresentedToken['state'] {
    const now = this.store.clock.now().getTime();
    if (endedAt !== null || expiresAt.getTime() <= now) return 'dead';
    if (rotatedAt === null) return 'good';
    return now <= rotatedAt.getTime() + this.config.refreshGraceSeconds * 1_000 ? 'good' : 'reused';
  }
}
