import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { NoSignIn, WrongPassword } from '../auth.errors';
import { SessionsService } from '../sessions/sessions.service';
import { AccountMails } from './account-mails';
import { LocalCredentials, type ProvenPassword } from './local-credentials';

/** Published operations of a signed-in person on his password. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly users: UserDirectory,
    private readonly credentials: LocalCredentials,
    private readonly sessions: SessionsService,
    private readonly mails: AccountMails,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Change the actor's password.
   *
   * Success: it is changed, his other sign-ins have ended, and he is told by mail. Failure: `WrongPassword` (422) for a
   * wrong present one, also when it was changed meanwhile or there is none; `TooManyAttempts` (429); `NoSignIn` (403).
   */
  async change(actor: Actor, current: string, next: string): Promise<void> {
    if (actor.sessionId === undefined) throw new NoSignIn();
    const user = await this.users.byId(actor.id);
    const proven = await this.credentials.prove({ id: user?.id, email: user?.email ?? actor.id }, current);
    if (!proven) throw new WrongPassword('current_password');
    const passwordHash = await this.credentials.hash(next);
    await this.replace(actor, proven, passwordHash, actor.sessionId);
  }

  @Transactional()
  private async replace(actor: Actor, proven: ProvenPassword, passwordHash: string, sessionId: string): Promise<void> {
    const { userId } = proven;
    await this.sessions.hold(actor);
    if (!(await this.credentials.replace(proven, passwordHash))) throw new WrongPassword('current_password');
    const ended = await this.sessions.endOthersOf(userId, sessionId, 'password_changed');
    await this.mails.notice(userId, 'password_changed');
    this.audit.note({ resourceType: 'user', resourceId: userId, details: { ended } });
  }
}
