import { type IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { UserDirectory, userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { type Actor } from '@platform/kernel';
import { Authenticator, Permissions } from '@platform/security';
import { AccountDeactivated, InvalidToken } from '../auth.errors';
import { sessionKey, SessionsService } from '../sessions/sessions.service';
import { type AccessClaims } from './access-token';
import { AccessTokenVerifier } from './access-token.verifier';
import { hasBearer } from './bearer-token';

/** Longest that a change of an account may go unnoticed in a process that no bust reaches, milliseconds. */
const ACTOR_TTL_MS = 5_000;

/** What a sign-in stands for at the moment. */
type Standing = Actor | 'deactivated' | 'gone';

/** Makes the actor of a request from its bearer token; with a warm cache without a query. */
@Injectable()
export class BearerAuthenticator extends Authenticator {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly users: UserDirectory,
    private readonly sessions: SessionsService,
    private readonly permissions: Permissions,
    private readonly cache: Cache,
  ) {
    super();
  }

  /** @throws InvalidToken, AccountDeactivated */
  async authenticate({ headers }: { readonly headers: IncomingHttpHeaders }): Promise<Actor | null> {
    if (!hasBearer(headers)) return null;
    const claims = await this.verifier.verify(headers);
    const standing = await this.cache.getOrCompute(
      sessionKey(claims.sessionId),
      ACTOR_TTL_MS,
      () => this.load(claims),
      {
        tags: [userTag(claims.userId)],
      },
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
    if (!(await this.sessions.isLive(sessionId, userId))) return 'gone';
    const { email, id, role } = user;
    return Object.freeze({ kind: 'user', id, email, role, sessionId, permissions: this.permissions.ofRole(role) });
  }
}
