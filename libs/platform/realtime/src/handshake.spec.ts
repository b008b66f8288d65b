import { type IncomingHttpHeaders } from 'node:http';
import { type ModuleRef } from '@nestjs/core';
import { LoadedSettings } from '@platform/config';
import { AccessDenied, type Actor, AuthenticationFailed } from '@platform/kernel';
import { configureLogging } from '@platform/observability';
import { Authenticator } from '@platform/security';
import { type Socket } from 'socket.io';
import { Handshake, refusalOf } from './handshake';
import { RealtimeConfig } from './realtime.config';

const ADA: Actor = { kind: 'user', id: 'ada', permissions: new Set() };

class OneToken extends Authenticator {
  readonly asked: IncomingHttpHeaders[] = [];

  async authenticate({ headers }: { headers: IncomingHttpHeaders }): Promise<Actor | null> {
    this.asked.push(headers);
    if (headers.authorization === 'Bearer good') return ADA;
    throw new AuthenticationFailed('Invalid token');
  }
}

function handshakeWith(authenticator: Authenticator, { allowQueryToken }: { allowQueryToken: boolean }): Handshake {
  const settings = LoadedSettings.load([RealtimeConfig], { SOCKET_ALLOW_QUERY_TOKEN: String(allowQueryToken) });
  // Only `get` is called.
  return new Handshake({ get: () => authenticator } as unknown as ModuleRef, settings.get(RealtimeConfig));
}

function socketWith(auth: Record<string, unknown>, query: Record<string, string> = {}): Pick<Socket, 'handshake'> {
  const url = `/socket.io/?EIO=4&${new URLSearchParams(query).toString()}`;
  // Only these parts of a handshake are read.
  return { handshake: { auth, query, url } as unknown as Socket['handshake'] };
}

describe('Handshake', () => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
    const destination = { write: (text: string) => void lines.push(text) };
    configureLogging({ level: 'DEBUG', format: 'json', service: 's', environment: 'production', destination });
  });

  it('admits the person of the token, with or without its scheme', async () => {
    const handshake = handshakeWith(new OneToken(), { allowQueryToken: false });
    await expect(handshake.admit(socketWith({ token: 'good' }))).resolves.toEqual({ actor: ADA, token: 'good' });
    await expect(handshake.admit(socketWith({ token: 'Bearer good' }))).resolves.toMatchObject({ token: 'good' });
  });

  it('leaves no token in the handshake, which other processes may read', async () => {
    const socket = socketWith({ token: 'good' }, { token: 'good' });
    await handshakeWith(new OneToken(), { allowQueryToken: true }).admit(socket);
    expect(JSON.stringify(socket)).not.toContain('good');
  });

  it('takes a token from the query only where that is allowed, and warns once without showing it', async () => {
    const open = handshakeWith(new OneToken(), { allowQueryToken: true });
    await open.admit(socketWith({}, { token: 'good' }));
    await open.admit(socketWith({}, { token: 'good' }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('SOCKET_ALLOW_QUERY_TOKEN');
    expect(lines[0]).not.toContain('good');

    const strict = handshakeWith(new OneToken(), { allowQueryToken: false });
    await expect(strict.admit(socketWith({}, { token: 'good' }))).rejects.toThrow(AuthenticationFailed);
  });

  it.each([
    [{}],
    [{ token: '' }],
    [{ token: 7 }],
    [{ token: ['good'] }],
    [{ token: { toString: 'good' } }],
    [{ token: 'bad' }],
  ])('refuses %j', async (auth) => {
    const handshake = handshakeWith(new OneToken(), { allowQueryToken: true });
    await expect(handshake.admit(socketWith(auth))).rejects.toThrow(AuthenticationFailed);
  });

  it('does not bother the authenticator with a token of a megabyte', async () => {
    const authenticator = new OneToken();
    const handshake = handshakeWith(authenticator, { allowQueryToken: true });
    await expect(handshake.admit(socketWith({ token: 'x'.repeat(1_000_000) }))).rejects.toThrow('too long');
    expect(authenticator.asked).toHaveLength(0);
  });

  it('tells a client our own errors and nothing of anything else', () => {
    expect(refusalOf(new AccessDenied('Account is deactivated')).data).toEqual({
      code: 'AUTHORIZATION_ERROR',
      message: 'Account is deactivated',
    });
    expect(refusalOf(new Error('connect ECONNREFUSED 10.0.0.5')).data).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The service is temporarily unavailable',
    });
  });
});
