import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { AuditModule } from '@platform/audit';
import { CacheModule } from '@platform/cache';
import { ConfigModule } from '@platform/config';
import { DatabaseModule, Migrator } from '@platform/database';
import { configureHttp, httpAdapter, HttpModule } from '@platform/http';
import { AccessDenied, type Actor, AuthenticationFailed } from '@platform/kernel';
import { configureLogging, ObservabilityModule } from '@platform/observability';
import { Authenticator, SecurityModule, Tenancy } from '@platform/security';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { type Frame, RealtimeModule } from '../src';

/** Tokens are `<person>` or `<person>:<life in ms>`; what the test forbids is refused. */
@Injectable()
export class WordAuthenticator extends Authenticator {
  readonly deactivated = new Set<string>();
  /** How often it was asked. */
  asked = 0;
  private readonly firstSeen = new Map<string, number>();

  async authenticate({ headers }: { readonly headers: IncomingHttpHeaders }): Promise<Actor | null> {
    this.asked += 1;
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    if (!token) return null;
    const [person = '', life] = token.split(':');
    if (person === 'bad') throw new AuthenticationFailed('Invalid token');
    if (person === 'broken') throw new Error('connect ECONNREFUSED 10.0.0.5:5432');
    if (this.deactivated.has(person)) throw new AccessDenied('The account is deactivated');
    const permissions = new Set(['realtime.status', ...(person === 'admin' ? ['realtime.presence'] : [])]);
    return { kind: 'user', id: person, permissions, ...(life && { expiresAt: this.expiry(token, Number(life)) }) };
  }

  private expiry(token: string, life: number): Date {
    const began = this.firstSeen.get(token) ?? Date.now();
    this.firstSeen.set(token, began);
    return new Date(began + life);
  }
}

/** Tenants as the test writes them down; `beforeAnswer` runs while one is asked for, as another process would. */
@Injectable()
export class WrittenTenancy extends Tenancy {
  readonly members = new Map<string, string[]>();
  beforeAnswer?: () => void;

  async roleIn(tenantId: string, personId: string): Promise<string | null> {
    return (await this.tenantsOf(personId)).includes(tenantId) ? 'member' : null;
  }

  async tenantsOf(personId: string): Promise<readonly string[]> {
    const known = this.members.get(personId) ?? [];
    this.beforeAnswer?.();
    return known;
  }
}

@Module({
  providers: [
    WordAuthenticator,
    { provide: Authenticator, useExisting: WordAuthenticator },
    WrittenTenancy,
    { provide: Tenancy, useExisting: WrittenTenancy },
  ],
})
class PeopleModule {}

const PLATFORM = [
  DatabaseModule,
  ObservabilityModule,
  CacheModule,
  SecurityModule,
  AuditModule,
  HttpModule,
  RealtimeModule,
  PeopleModule,
];

/** A running API with sockets and nothing else. */
export interface SocketApp {
  readonly app: NestExpressApplication;
  readonly base: string;
  readonly people: WordAuthenticator;
  readonly tenancy: WrittenTenancy;
  /** Lines of the log so far. */
  readonly log: string[];
  /** A client that is not yet connected; closed with the app. */
  client(options?: Partial<ManagerOptions & SocketOptions>, namespace?: string): Socket;
  /** A client of this person, connected. */
  connected(token: string): Promise<Socket>;
  close(): Promise<void>;
}

/** Boot it on a fresh embedded database, listening on a free port. No code of sockets asks the database. */
export async function startSockets(extra: Record<string, string> = {}): Promise<SocketApp> {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-sockets-'));
  const environment = {
    ENVIRONMENT: 'local',
    DATA_DIR: folder,
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
    PORT: '0',
    ...extra,
  };
  @Module({ imports: [ConfigModule.load(PLATFORM, environment), ...PLATFORM] })
  class AppModule {}

  const app = await NestFactory.create<NestExpressApplication>(AppModule, httpAdapter(), {
    abortOnError: false,
    bodyParser: false,
    logger: false,
  });
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  configureLogging({ level: 'DEBUG', format: 'json', service: 'sockets', environment: 'staging', destination });
  configureHttp(app);
  await app.get(Migrator).prepare();
  await app.listen(0, '127.0.0.1');
  const base = await app.getUrl();
  const clients: Socket[] = [];
  const client: SocketApp['client'] = (options = {}, namespace = '/app') => {
    const made = io(`${base}${namespace}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...options,
    });
    clients.push(made);
    return made;
  };
  return {
    app,
    base,
    people: app.get(WordAuthenticator),
    tenancy: app.get(WrittenTenancy),
    log,
    client,
    connected: async (token) => {
      const made = client({ auth: { token } });
      await next(made, 'connected');
      return made;
    },
    close: async () => {
      for (const made of clients) made.disconnect();
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The next frame of this event; rejects after `ms`. */
export function next(socket: Socket, event: string, ms = 5_000): Promise<Frame> {
  return heard<Frame>(socket, event, ms);
}

/** The reason with which the connection ended. */
export function ended(socket: Socket, ms = 5_000): Promise<string> {
  return heard<string>(socket, 'disconnect', ms);
}

/** Why a handshake was refused. */
export function refusal(socket: Socket): Promise<Error & { data?: { code: string; message: string } }> {
  return Promise.race([
    heard<Error & { data?: { code: string; message: string } }>(socket, 'connect_error', 5_000),
    heard(socket, 'connected', 5_000).then(() => Promise.reject(new Error('was let in'))),
  ]);
}

function heard<T>(socket: Socket, event: string, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no '${event}' within ${ms} ms`)), ms).unref();
    socket.once(event, (first: T) => {
      clearTimeout(timer);
      resolve(first);
    });
  });
}
