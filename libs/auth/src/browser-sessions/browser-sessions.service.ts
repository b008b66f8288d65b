import { type IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { type Actor } from '@platform/kernel';
import { BrowserSessions } from '@platform/security';
import { Actors } from '../access/actors';
import { AccountDeactivated, NoSession } from '../auth.errors';
import { SessionsService } from '../sessions/sessions.service';
import { BrowserSessionEnded, InvalidBrowserLink } from './browser-session.errors';
import { BrowserSessionRepository, type SessionOwner } from '../sessions/browser-session.repository';

/** Name of the cookie; outside of `local` under the prefix that browsers take over https only. */
export const BROWSER_COOKIE = 'admin-session';
const COOKIE = new RegExp(`^\\s*(?:__Secure-)?${BROWSER_COOKIE}=([\\w-]{43})\\s*$`);

/** Published operations on ways into the pages for admins, which a browser loads without a bearer token. */
@Injectable()
export class BrowserSessionsService extends BrowserSessions {
  constructor(
    private readonly repository: BrowserSessionRepository,
    private readonly sessions: SessionsService,
    private readonly users: UserDirectory,
    private readonly actors: Actors,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  /**
   * A link into the pages, good once and for a minute; the way that the actor's session had before ends.
   * @returns its token and its end
   * @throws NoSession (403) when no session of ours asks
   */
  async offer(actor: Actor): Promise<{ token: string; expiresAt: Date }> {
    const { sessionId } = actor;
    if (sessionId === undefined) throw new NoSession();
    this.audit.note({ resourceType: 'session', resourceId: sessionId });
    return this.repository.offer(actor, sessionId);
  }

  /**
   * Use a link.
   * @returns what the cookie holds for the next quarter of an hour
   * @throws InvalidBrowserLink (401) when it was used, also by somebody else at the same time, or its session has ended
   */
  async open(token: string): Promise<string> {
    const opened = await this.repository.open(token);
    if (!opened) throw new InvalidBrowserLink();
    const { secret, sessionId, userId } = opened;
    this.audit.note({ resourceType: 'session', resourceId: sessionId, details: { user_id: userId } });
    return secret;
  }

  /**
   * The person behind the cookie, as their session and their account stand in the database now; null without a cookie.
   * @throws BrowserSessionEnded, AccountDeactivated
   */
  override async actorOf({ headers }: { readonly headers: IncomingHttpHeaders }): Promise<Actor | null> {
    const secret = (headers.cookie ?? '').split(';').flatMap((pair) => COOKIE.exec(pair)?.[1] ?? [])[0];
    if (secret === undefined) return null;
    const owner = await this.repository.findOpen(secret);
    if (!owner) throw new BrowserSessionEnded();
    return this.load(owner);
  }

  private async load({ sessionId, userId }: SessionOwner): Promise<Actor> {
    const user = await this.users.byId(userId);
    const session = await this.sessions.findLive(sessionId, userId);
    if (!user || !session) throw new BrowserSessionEnded();
    if (!user.isActive) throw new AccountDeactivated();
    const { authenticatedAt, secondFactor } = session;
    return this.actors.of(user, { sessionId, authenticatedAt, secondFactor });
  }
}
