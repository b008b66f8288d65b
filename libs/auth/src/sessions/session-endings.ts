import { Injectable } from '@nestjs/common';
import { userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { Metrics } from '@platform/observability';
import { Events } from '@platform/queue';
import { BrowserSessionRepository } from './browser-session.repository';
import { SignInEnded } from '../contract';
import { type SessionEnd } from '../entities/session.entity';
import { type EndingScope, SessionRepository } from './session.repository';

/** Ends sign-ins: their tokens are worth nothing from the commit on, and whoever holds their sockets hears of it. */
@Injectable()
export class SessionEndings {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly browserSessions: BrowserSessionRepository,
    private readonly events: Events,
    private readonly cache: Cache,
    private readonly metrics: Metrics,
  ) {}

  /** End those of the person's sign-ins that are meant; returns how many had not ended before. */
  async end(userId: string, reason: SessionEnd, scope: EndingScope = {}): Promise<number> {
    const ended = await this.sessions.end(userId, reason, scope);
    // Also of the session that stays, after a new password or when the others are ended.
    await this.browserSessions.endAllOf(userId);
    this.cache.invalidateTag(userTag(userId));
    if (ended.length === 0) return 0;
    for (let count = 0; count < ended.length; count++) this.metrics.token('revoked');
    await this.events.publish(new SignInEnded({ user_id: userId, session_ids: ended, reason }));
    return ended.length;
  }
}
