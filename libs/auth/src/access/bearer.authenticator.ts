import { type IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type Actor } from '@platform/kernel';
import { Authenticator } from '@platform/security';
import { InvalidToken } from '../auth.errors';
import { OwnSessionsService } from '../sessions/own-sessions.service';
import { bearerToken, hasBearer } from './bearer-token';
import { CredentialReaders } from './credential-reader';
import { TenantChoice } from '../sessions/tenant-choice';

/** Makes the actor of a request: whose credential it is, and whom they act for. With a warm cache without a query. */
@Injectable()
export class BearerAuthenticator extends Authenticator {
  constructor(
    private readonly readers: CredentialReaders,
    private readonly tenants: TenantChoice,
    private readonly sessions: OwnSessionsService,
  ) {
    super();
  }

  /**
   * @throws InvalidToken
   * @throws AccountDeactivated
   * @throws TenantNotFound
   */
  async authenticate({ headers }: { readonly headers: IncomingHttpHeaders }): Promise<Actor | null> {
    if (!hasBearer(headers)) return null;
    const credential = bearerToken({ headers });
    const reader = this.readers.all.find((candidate) => candidate.recognises(credential ?? ''));
    if (!reader) throw new InvalidToken();
    const actor = await this.tenants.apply(await reader.read(credential ?? ''), headers);
    if (actor.leftTenantId !== undefined) await this.sessions.fallBack(actor, actor.leftTenantId);
    return actor;
  }
}
