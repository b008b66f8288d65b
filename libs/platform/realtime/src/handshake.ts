import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type Actor, AppError, AuthenticationFailed } from '@platform/kernel';
import { Log } from '@platform/observability';
import { Authenticator } from '@platform/security';
import { type Socket } from 'socket.io';
import { SOCKET_LIMITS } from './limits';
import { RealtimeConfig } from './realtime.config';

/** Who a socket belongs to. */
export interface Admission {
  readonly actor: Actor;
  readonly token: string;
}

/** Reads the token of a handshake and asks the authenticator whose it is. */
@Injectable()
export class Handshake {
  private readonly log = Log.for('realtime');
  private warned = false;

  constructor(
    private readonly modules: ModuleRef,
    private readonly config: RealtimeConfig,
  ) {}

  /**
   * Take the token out of the handshake, so that it is neither kept nor sent to other processes, and verify it.
   * @throws AuthenticationFailed, AccessDenied as the authenticator says
   */
  async admit(socket: Pick<Socket, 'handshake'>): Promise<Admission> {
    const token = this.takeToken(socket.handshake);
    if (!token) throw new AuthenticationFailed('Send a token in handshake.auth.token');
    return { token, actor: await this.verify(token) };
  }

  /** @throws AuthenticationFailed, AccessDenied as the authenticator says */
  async verify(token: string): Promise<Actor> {
    if (token.length > SOCKET_LIMITS.tokenCharacters) throw new AuthenticationFailed('The token is too long');
    const actor = await this.authenticator().authenticate({ headers: { authorization: `Bearer ${token}` } });
    if (actor?.kind !== 'user') throw new AuthenticationFailed('The token does not belong to a person');
    return actor;
  }

  /** The port as a domain binds it, wherever in the graph it does. */
  private authenticator(): Authenticator {
    // Nest takes abstract classes as tokens, its type for them does not.
    return this.modules.get<Authenticator>(Authenticator as unknown as Type<Authenticator>, { strict: false });
  }

  private takeToken(handshake: Socket['handshake']): string | undefined {
    const offered: unknown = handshake.auth.token;
    const { token: inQuery } = handshake.query;
    handshake.auth = {};
    delete handshake.query.token;
    handshake.url = handshake.url.replace(/\?.*$/, '');
    if (typeof offered === 'string' && offered !== '') return offered.replace(/^Bearer\s+/i, '');
    if (!this.config.allowQueryToken || typeof inQuery !== 'string' || inQuery === '') return undefined;
    this.warnOnce();
    return inQuery;
  }

  private warnOnce(): void {
    if (this.warned) return;
    this.warned = true;
    this.log.warn(
      'A client sent its token as ?token=, which proxies write into their logs: use handshake.auth.token, ' +
        'then set SOCKET_ALLOW_QUERY_TOKEN=false',
    );
  }
}

/** What a refused client is told: our own errors as they are, everything else as "try again". */
export function refusalOf(error: unknown): Error & { data: { code: string; message: string } } {
  const known = error instanceof AppError;
  const message = known ? error.message : 'The service is temporarily unavailable';
  const code = known ? error.code : 'SERVICE_UNAVAILABLE';
  return Object.assign(new Error(message), { data: { code, message } });
}
