import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Redis from 'ioredis';
import { freePort } from './app-process';

/** A Redis of one test file, whose users and role it may change. */
export class OwnRedis {
  private constructor(
    private readonly server: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
    /** Its operator, who may do everything. */
    readonly operator: Redis,
  ) {}

  static async start(): Promise<OwnRedis> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'omnistack-own-redis-'));
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const server = spawn('redis-server', [...place, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    // Asks until the server is there.
    const operator = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    operator.on('error', () => undefined);
    // The user that no test takes a right away from.
    await operator.call('ACL', 'SETUSER', 'operator', 'on', 'nopass', '~*', '&*', '+@all');
    await operator.call('AUTH', 'operator', '');
    return new OwnRedis(server, folder, port, operator);
  }

  /** Its address, as `user:password` or as the default user. */
  url(credentials?: string, database = 0): string {
    return `redis://${credentials ? `${credentials}@` : ''}127.0.0.1:${this.port}/${database}`;
  }

  /** Make or change a user, in the words of `ACL SETUSER`. */
  async allow(user: string, ...rights: string[]): Promise<void> {
    await this.operator.call('ACL', 'SETUSER', user, 'on', ...rights);
  }

  /** A number of `INFO stats`. */
  async count(statistic: 'total_connections_received' | 'total_error_replies'): Promise<number> {
    const info = await this.operator.info('stats');
    return Number(new RegExp(`^${statistic}:(\\d+)`, 'm').exec(info)?.[1]);
  }

  async stop(): Promise<void> {
    this.operator.disconnect();
    const ended = once(this.server, 'exit');
    this.server.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `describe` for what needs a Redis of its own; skipped under a title that says why where none can be started. */
export function describeWithOwnRedis(title: string, block: (redis: () => OwnRedis) => void): void {
  const isInstalled = spawnSync('redis-server', ['--version']).status === 0;
  const describeIt = isInstalled ? describe : describe.skip;
  describeIt(isInstalled ? title : `${title} [needs redis-server on PATH]`, () => {
    let redis: OwnRedis | undefined;
    beforeAll(async () => {
      redis = await OwnRedis.start();
    });
    afterAll(() => redis?.stop());
    block(() => {
      if (!redis) throw new Error('Redis is not running yet: ask for it inside a test or a hook');
      return redis;
    });
  });
}
