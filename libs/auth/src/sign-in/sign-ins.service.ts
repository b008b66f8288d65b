import { Injectable } from '@nestjs/common';
import { type User, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { AccountDeactivated, SignInNeedsCode } from '../auth.errors';
import { KnownDevices } from '../passwords/known-devices';
import { SecondFactorChallenges } from '../second-factor/second-factor-challenges';
import { AccessTokens } from '../tokens/access-token';
import { type Proof } from '../sessions/session.repository';
import { type SessionToken, SessionsService } from '../sessions/sessions.service';

/** What a client holds after it signed in. */
export interface SignIn {
  readonly user: User;
  readonly accessToken: string;
  /** Seconds that the access token is good for. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  /** What its device is known by from now on; absent where a session was only prolonged. */
  readonly deviceToken?: string;
}

/** Published operations of signing in: every way in ends here, and the session that it began goes on here. */
@Injectable()
export class SignInsService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: AccessTokens,
    private readonly users: UserDirectory,
    private readonly audit: AuditTrail,
    private readonly challenges: SecondFactorChallenges,
    private readonly devices: KnownDevices,
  ) {}

  /**
   * Sign in a person who has shown a first factor (`method`), on a device that the account may know. Within the caller's
   * transaction or without one: what a client needs after `SignInNeedsCode` outlives its rollback.
   * @throws SignInNeedsCode when the person has a second factor
   * @throws AccountDeactivated
   */
  async enter(user: User, method: string, device?: string): Promise<SignIn> {
    // Whoever may not come in learns so before they look for their authenticator.
    const issued = user.isActive ? await this.challenges.issue(user.id, method, device) : null;
    if (issued) throw new SignInNeedsCode(issued.challenge, issued.expiresInSeconds);
    return this.open(user, { method, secondFactor: false });
  }

  /** Sign in a person who has proved who they are, as far as they have to. @throws AccountDeactivated */
  @Transactional()
  async open(user: User, proof: Proof): Promise<SignIn> {
    if (!(await this.users.recordLogin(user))) throw new AccountDeactivated();
    const session = await this.sessions.open(user.id, proof);
    this.audit.note({
      resourceType: 'user',
      resourceId: user.id,
      details: { session_id: session.sessionId, ...wire(proof) },
    });
    return { ...(await this.signIn(user, session)), deviceToken: await this.devices.issue(user) };
  }

  /**
   * Exchange a refresh token for a fresh pair. Parallel clients that present one token within the grace window all
   * stay signed in; a token that comes back later ends the session.
   * @throws InvalidRefreshToken
   * @throws AccountDeactivated
   */
  async refresh(refreshToken: string): Promise<SignIn> {
    const { session, user } = await this.sessions.refresh(refreshToken);
    if (!user.isActive) throw new AccountDeactivated();
    return this.signIn(user, session);
  }

  private async signIn(user: User, session: SessionToken): Promise<SignIn> {
    const accessToken = await this.tokens.issue(session);
    return { user, accessToken, expiresIn: this.tokens.lifetimeSeconds, refreshToken: session.refreshToken };
  }
}

function wire({ method, secondFactor }: Proof): { method: string; second_factor: boolean } {
  return { method, second_factor: secondFactor };
}
