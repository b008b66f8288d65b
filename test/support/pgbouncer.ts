import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, pause } from './app-process';
import { postgresUrl } from './services';

/** Runs in a folder of its own, as nobody where the tests run as root: PgBouncer refuses to be root. */
const NOBODY = 65_534;

/** Where the Debian package puts it is in no ordinary user's PATH. */
const BINARY = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'pgbouncer'))
  .find((file) => existsSync(file));

/** A PgBouncer before the PostgreSQL of the tests. */
export class PgBouncer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Start one; `settings` are lines of its ini, on top of what lets it run at all. */
  static async start(settings: Record<string, string>): Promise<PgBouncer> {
    const server = new URL(postgresUrl() ?? '');
    const folder = mkdtempSync(join(tmpdir(), 'omnistack-pgbouncer-'));
    chmodSync(folder, 0o755);
    const port = await freePort();
    const password = server.password ? ` password=${decodeURIComponent(server.password)}` : '';
    const common = { listen_addr: '127.0.0.1', listen_port: port, auth_type: 'any', unix_socket_dir: '' };
    const ini = [
      '[databases]',
      `* = host=${server.hostname} port=${server.port || 5432} user=${server.username}${password}`,
      '[pgbouncer]',
      ...Object.entries({ ...common, ...settings }).map(([name, value]) => `${name} = ${value}`),
    ];
    writeFileSync(join(folder, 'pgbouncer.ini'), `${ini.join('\n')}\n`);
    const isRoot = process.getuid?.() === 0;
    const child = spawn(BINARY ?? 'pgbouncer', [join(folder, 'pgbouncer.ini')], {
      stdio: 'ignore',
      ...(isRoot && { uid: NOBODY, gid: NOBODY }),
    });
    const bouncer = new PgBouncer(child, folder, port);
    await bouncer.answers();
    return bouncer;
  }

  /** The same address, by way of this pooler. */
  through(url: string): string {
    const pooled = new URL(url);
    pooled.hostname = '127.0.0.1';
    pooled.port = String(this.port);
    return pooled.toString();
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    if (this.child.exitCode === null && this.child.kill('SIGKILL')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const socket = connect(this.port, '127.0.0.1');
      const isOpen = await new Promise<boolean>((resolve) => {
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      });
      socket.destroy();
      if (isOpen) return;
      await pause(50);
    }
    await this.stop();
    throw new Error('PgBouncer does not answer');
  }
}

/** `describe` for what needs PgBouncer before a PostgreSQL; skipped under a title that says why without them. */
export function describeWithPgBouncer(title: string, block: () => void): void {
  if (BINARY && postgresUrl()) describe(title, block);
  else
    describe.skip(
      `${title} [needs ${BINARY ? 'PostgreSQL: TEST_DATABASE_URL is not set' : 'PgBouncer: apt-get install pgbouncer'}]`,
      block,
    );
}
