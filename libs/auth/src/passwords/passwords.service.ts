import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { NoSignIn, WrongPassword } from '../auth.errors';
import { ApiKeyEndings } from '../api-keys/api-key-endings';
import { sessionDevice } from '../login-throttle/guess';
import { SessionsService } from '../sessions/sessions.service';
import { AccountMails } from '../links/account-mails';
import { LocalCredentials, type ProvenPassword } from './local-credentials';

/** Published operations of a signed-in person on his password. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly users: UserDirectory,
    private readonly credentials: LocalCredentials,
    private readonly sessions: SessionsService,
    private readonly apiKeys: ApiKeyEndings,
    private readonly mails: AccountMails,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Change the actor's password.
   *
   * Success: it is changed, their other sessions have ended, and they are told by mail, with the API keys that still work;
   * with `revokeApiKeys` none does. Failure: `WrongPassword` (422) for a wrong present one, also when it was changed
   * meanwhile or there is none; `TooManyAttempts` (429); `NoSignIn` (403).
   */
  async change(actor: Actor, current: string, next: string, revokeApiKeys = false): Promise<void> {
    if (actor.sessionId === undefined) throw new NoSignIn();
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
    const ended = await this.sessions.endOthersOf(userId, sessionId, 'password_changed');
    const api_keys_ended = revokeApiKeys ? await this.apiKeys.endAllOf(userId) : 0;
    await this.mails.passwordChanged(userId, api_keys_ended);
    this.audit.note({ resourceType: 'user', resourceId: userId, details: { ended, api_keys_ended } });
  }
}
