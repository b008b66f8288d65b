import { Injectable } from '@nestjs/common';
import { userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { sessionKey } from './session-key';
import { SessionRepository } from './session.repository';

/** What a sign-in says of how and when its person proved who he is; cached actors follow at once. */
@Injectable()
export class SessionProofs {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly cache: Cache,
  ) {}

  /** The person has just proved who he is on this sign-in. */
  async renew(sessionId: string, secondFactor: boolean): Promise<void> {
    await this.sessions.prove(sessionId, secondFactor);
    this.cache.invalidate(sessionKey(sessionId));
  }

  /** What was shown on the other sign-ins is no longer enough for dangerous acts. */
  async lapseOthers(userId: string, sessionId: string): Promise<void> {
    await this.sessions.lapseOthers(userId, sessionId);
    this.cache.invalidateTag(userTag(userId));
  }

  /** No sign-in of the person has shown a second factor. */
  async forgetSecondFactor(userId: string): Promise<void> {
    await this.sessions.forgetSecondFactor(userId);
    this.cache.invalidateTag(userTag(userId));
  }
}
