import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { NoSession, WrongPassword } from '../auth.errors';
import { sessionDevice } from '../login-throttle/login-throttle';
import { SessionsService } from '../sessions/sessions.service';
import { LocalCredentials, type ProvenPassword } from './local-credentials';
import { PasswordChange } from './password-change';

/** Published operations of a signed-in person on their password. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly users: UserDirectory,
    private readonly credentials: LocalCredentials,
    private readonly sessions: SessionsService,
    private readonly afterwards: PasswordChange,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Change the actor's password: their other sessions end, links that were mailed before are worth nothing, and they are
   * told by mail, with the API keys that still work; with `revokeApiKeys` none does.
   * @throws WrongPassword for a wrong present one, also when it was changed meanwhile or there is none
   * @throws TooManyAttempts
   * @throws NoSession
   */
  async change(actor: Actor, current: string, next: string, revokeApiKeys = false): Promise<void> {
    if (actor.sessionId === undefined) throw new NoSession();
    const user = await this.users.byId(actor.id);
    const device = sessionDevice(actor.sessionId);
    const proven = await this.credentials.prove({ id: user?.id, email: user?.email ?? actor.id, device }, current);
    if (!proven) throw new WrongPassword('current_password');
    const passwordHash = await this.credentials.hash(next);
    await this.replace(actor, actor.sessionId, { proven, passwordHash, revokeApiKeys });
  }

  @Transactional()
  private async replace(
    actor: Actor,
    sessionId: string,
    { passwordHash, proven, revokeApiKeys }: { proven: ProvenPassword; passwordHash: string; revokeApiKeys: boolean },
  ): Promise<void> {
    const { userId } = proven;
    await this.sessions.hold(actor);
    if (!(await this.credentials.replace(proven, passwordHash))) throw new WrongPassword('current_password');
    const { apiKeys, sessions } = await this.afterwards.conclude(userId, { keep: sessionId, revokeApiKeys });
    this.audit.note({
      resourceType: 'user',
      resourceId: userId,
      details: { ended: sessions, api_keys_ended: apiKeys },
    });
  }
}
