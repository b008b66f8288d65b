import { Injectable } from '@nestjs/common';
import { UserDirectory, userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { type Actor } from '@platform/kernel';
import { Actors } from '../access/actors';
import { CredentialReader } from '../access/credential-reader';
import { AccountDeactivated, InvalidToken } from '../auth.errors';
import { sessionKey } from '../sessions/session-key';
import { SessionsService } from '../sessions/sessions.service';
import { type AccessClaims } from './access-token';
import { AccessTokenVerifier } from './access-token.verifier';

/** Longest that a change of an account may go unnoticed in a process that no invalidation reaches, milliseconds. */
export const ACTOR_TTL_MS = 5_000;

/** What a credential stands for at the moment. */
export type Standing = Actor | 'deactivated' | 'gone';

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

  /** @throws InvalidToken, AccountDeactivated */
  async read(credential: string): Promise<Actor> {
    const claims = await this.verifier.verify({ authorization: `Bearer ${credential}` });
    const standing = await this.cache.getOrCompute(
      sessionKey(claims.sessionId),
      ACTOR_TTL_MS,
      () => this.load(claims),
      { tags: [userTag(claims.userId)] },
    );
    if (standing === 'deactivated') throw new AccountDeactivated();
    if (standing === 'gone' || standing.id !== claims.userId) throw new InvalidToken('The sign-in has ended');
    // The cached actor serves every token of the sign-in; the expiry is this token's own.
    return { ...standing, expiresAt: claims.expiresAt };
  }

  private async load({ sessionId, userId }: AccessClaims): Promise<Standing> {
    const user = await this.users.byId(userId);
    if (!user) return 'gone';
    if (!user.isActive) return 'deactivated';
    const session = await this.sessions.findLive(sessionId, userId);
    if (!session) return 'gone';
    const { authenticatedAt, secondFactor, tenantId } = session;
    return this.actors.of(user, { sessionId, authenticatedAt, secondFactor, ...(tenantId !== null && { tenantId }) });
  }
}
