import { Injectable } from '@nestjs/common';
import { UserDirectory, userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { type Actor } from '@platform/kernel';
import { Actors } from '../access/actors';
import { CredentialReader } from '../access/credential-reader';
import { ACTOR_TTL_MS, type CredentialStatus } from '../access/credential-status';
import { AccountDeactivated, InvalidToken } from '../auth.errors';
import { sessionKey } from '../sessions/session.repository';
import { SessionsService } from '../sessions/sessions.service';
import { type AccessClaims } from './access-token';
import { AccessTokenVerifier } from './access-token.verifier';

/** Reads our own access tokens; with a warm cache without a query. */
@Injectable()
export class AccessTokenReader extends CredentialReader {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly users: UserDirectory,
    private readonly sessions: SessionsService,
    private readonly actors: Actors,
    private readonly cache: Cache,
  ) {
    super();
  }

  /** Whatever no other reader knows is judged here, and refused here. */
  recognises(): boolean {
    return true;
  }

  /**
   * @throws InvalidToken
   * @throws AccountDeactivated
   */
  async read(credential: string): Promise<Actor> {
    const claims = await this.verifier.verify({ authorization: `Bearer ${credential}` });
    const status = await this.cache.getOrCompute(sessionKey(claims.sessionId), ACTOR_TTL_MS, () => this.load(claims), {
      tags: [userTag(claims.userId)],
    });
    if (status === 'deactivated') throw new AccountDeactivated();
    if (status === 'gone' || status.id !== claims.userId) throw new InvalidToken('The session has ended');
    // The cached actor serves every token of the session; the expiry is this token's own.
    return { ...status, expiresAt: claims.expiresAt };
  }

  private async load({ sessionId, userId }: AccessClaims): Promise<CredentialStatus> {
    const user = await this.users.byId(userId);
    if (!user) return 'gone';
    if (!user.isActive) return 'deactivated';
    const session = await this.sessions.findLive(sessionId, userId);
    if (!session) return 'gone';
    const { authenticatedAt, secondFactor, tenantId } = session;
    return this.actors.of(user, { sessionId, authenticatedAt, secondFactor, ...(tenantId !== null && { tenantId }) });
  }
}
