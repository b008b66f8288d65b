import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppProcess, eventually, runOmni } from '../../support/app-process';

jest.setTimeout(60_000);

const ROOT = resolve(__dirname, '../../..');
const SECRET_KEY = 'k7Jq0xv9ZrT2mWn4pLs8yBc1dFg6hAe3';
/** Every setting that there is, with its default: none of these names may look strange to any process. */
const EVERY_SETTING = readFileSync(join(ROOT, '.env.example'), 'utf8').replaceAll(/^# ([A-Z_]+=)/gm, '$1');
const fromRoot = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'omnistack-boot-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('production that cannot do its job', () => {
  const WRONG = { ENVIRONMENT: 'production', SECRET_KEY: 'k'.repeat(40), PUBLIC_BASE_URL: 'http://localhost:3000' };

  it('is refused as API and as worker, with every problem and its fix in one list', async () => {
    const environment = { ...WRONG, PORT: 'http', DATABSE_URL: 'postgres://db/app' };
    const processes = (['api', 'worker'] as const).map((app) => AppProcess.start(app, environment, folder));

    expect(await Promise.all(processes.map((process) => process.ended()))).toEqual([1, 1]);
    const [said, ...others] = processes.map(({ output }) => output);
    expect(others).toEqual([said]);
    const [title, ...lines] = (said ?? '').trim().split('\n');
    expect(title).toBe('The process does not start:');
    for (const problem of [
      /^  - Correct PORT \(core\.port\): expected a whole number/,
      /^  - Replace SECRET_KEY \(core\.secretKey\): it can be guessed/,
      /^  - Set DATABASE_URL \(core\.databaseUrl\) to a PostgreSQL address/,
      /^  - Correct PUBLIC_BASE_URL \(core\.publicBaseUrl\): localhost leads everybody to their own machine/,
      /^  - Set AUTH_REQUIRE_VERIFIED_EMAIL=false \(auth\.requireVerifiedEmail/,
      /^  - DATABSE_URL in the environment is not read: did you mean DATABASE_URL\?/,
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(problem));
    }
    expect(lines).toHaveLength(6);
  });
});

describe('an API that is told nothing but what stands in its .env', () => {
  const strange = ['DEBUG', 'GREENHOUSE', 'LOG_LEVLE'];
  let api: AppProcess;
  let port: number;

  beforeAll(async () => {
    const own = 'PROJECT_NAME=Büro\nPORT=0\nLOG_LEVEL=Warn\nDEBUG=true\nGREENHOUSE=yes\nLOG_LEVLE=error\n';
    // Windows writes a byte order mark, and the first line is lost to readers that do not expect it.
    writeFileSync(join(folder, '.env'), `\uFEFFPROJECT_NAME=first\n${EVERY_SETTING}\n${own}`);
    api = AppProcess.start('api', { ENVIRONMENT: 'LOCAL', DATA_DIR: folder, SECRET_KEY }, folder);
    await api.until(() => / is ready/.test(api.output), 'its banner');
    port = Number(/http:\/\/localhost:(\d+)/.exec(api.output)?.[1]);
  });
  afterAll(() => api?.stop());

  it('prints and mails the port that it got', async () => {
    expect(api.output).toContain('Büro');
    expect(api.output).not.toMatch(/localhost:0\b/);
    const base = `http://localhost:${port}`;
    const post = (path: string, body: object) =>
      fetch(`${base}/api/v1/public/auth/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const email = 'zoe@example.com';
    expect((await post('register', { email, password: 'correct horse battery' })).status).toBe(201);
    await post('password/forgot', { email });
    const mail = await eventually('the mail with the link', async () => {
      const answer = await fetch(`${base}/dev/mailbox/messages?to=${email}`);
      return /https?:\/\/[^\s"'<]+\/reset-password/.exec(await answer.text());
    });
    expect(mail[0]).toBe(`${base}/reset-password`);
  });

  it('lets this machine in and no other', async () => {
    // Every address 127.x.y.z is this machine's, and only a socket on all interfaces answers under all of them.
    const outcome = await new Promise((done) => {
      const socket = connect(port, '127.0.0.2');
      socket.once('connect', () => done('connected')).once('error', () => done('refused'));
    });
    expect(outcome).toBe('refused');
    expect(api.output).not.toContain('Open to every machine');
  });

  it('names what nobody reads, and nothing else; so does the command line', async () => {
    const named = (output: string) =>
      [...output.matchAll(/([A-Z_]+) (?:in \.env )?is not read/g)].map(([, name]) => name);
    expect(named(api.output).sort()).toEqual(strange);
    expect(api.output).toContain('LOG_LEVLE in .env is not read: did you mean LOG_LEVEL?');
    const { output } = await runOmni(['audit', 'verify'], { ENVIRONMENT: 'local', DATA_DIR: folder }, folder);
    expect(named(output).sort()).toEqual(strange);
  });

  it('answers the health check of the image, which fails where nobody does', () => {
    const [, command = '[]'] = /^HEALTHCHECK[\s\S]*?CMD (\[.*\])$/m.exec(fromRoot('docker/Dockerfile')) ?? [];
    // A list of words in JSON, by Docker's own rule.
    const [, ...words] = JSON.parse(command) as string[];
    const check = (ports: Record<string, string>) => spawnSync(process.execPath, words, { env: ports }).status;

    expect(check({ PORT: String(port), WORKER_PORT: '1' })).toBe(0);
    expect(check({ PORT: '1', WORKER_PORT: String(port) })).toBe(0);
    expect(check({ PORT: '1', WORKER_PORT: '1' })).toBe(1);
  });
});

describe('a worker', () => {
  it('whose port another one has is refused in one line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    // A TCP server that listens has an address object.
    const port = String((other.address() as AddressInfo).port);
    writeFileSync(join(folder, '.env'), EVERY_SETTING);
    const settings = { ENVIRONMENT: 'local', DATA_DIR: folder, SECRET_KEY, WORKER: 'separate', WORKER_PORT: port };
    const worker = AppProcess.start('worker', settings, folder);

    expect(await worker.ended()).toBe(1);
    expect(worker.output).toContain(
      `  - Port ${port} (WORKER_PORT) is taken: stop the process that listens there, or set another WORKER_PORT`,
    );
    expect(worker.output).not.toContain('is not read');
    other.close();
  });
});

describe('the compose file', () => {
  it('gives its processes settings that they start with, and commands that exist', async () => {
    const compose = fromRoot('docker/compose.yaml');
    const given: Record<string, string> = {
      SECRET_KEY,
      PUBLIC_BASE_URL: 'https://api.example.com',
      AUTH_REQUIRE_VERIFIED_EMAIL: 'false',
    };
    const block = /^  environment:\n((?:    .*\n)+)/m.exec(compose)?.[1] ?? '';
    const environment = Object.fromEntries(
      [...block.matchAll(/^    ([A-Z_]+): (.*)$/gm)].map(([, name = '', value = '']) => [
        name,
        value.replaceAll(
          /\$\{(\w+):(-|\?)([^}]*)\}/g,
          (_, key: string, kind, text) => given[key] ?? (kind === '-' ? text : ''),
        ),
      ]),
    );
    for (const text of [compose, fromRoot('docker/Dockerfile')]) {
      for (const [main] of text.matchAll(/dist\/apps\/\w+\/src\/main\.js/g))
        expect(existsSync(join(ROOT, main))).toBe(true);
    }
    const image = Object.fromEntries(
      [...fromRoot('docker/Dockerfile').matchAll(/([A-Z_]+)=(\S+)/g)].map((match) => match.slice(1, 3)),
    );
    expect([image.HOST, image.WORKER_HOST, environment.HOST]).toEqual(Array(3).fill('0.0.0.0'));

    const { output, status } = await runOmni(['settings', '--json'], { ...given, ...image, ...environment }, tmpdir());

    expect(status).toBe(0);
    const rows = JSON.parse(output) as { setting: string; value: string }[];
    expect(rows).toContainEqual({ setting: 'ENVIRONMENT', value: 'production', from: 'environment' });
  });
});
