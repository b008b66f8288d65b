import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import Redis from 'ioredis';
import { Client } from 'pg';
import { ApiClient } from './api-client';
import { AppProcess, freePort, type RunningProcess, runOmni } from './app-process';
import { DATA } from './data-folder';
import { type ModeName, type Stack } from './modes';
import { OpenApiContract, type OpenApiDocument } from './openapi';
import { postgresUrl, redisUrl } from './services';
import { STARTS, SYSTEMS_FOLDER } from './systems-folder';

/** The root secret of every system under test. */
export const SECRET_KEY = 'a-root-key-for-the-e2e-suites-0123456789';

/** Limits out of the way: one suite sets its own and looks at them. */
const PLENTY = Object.fromEntries(
  ['DEFAULT', 'AUTHENTICATED', 'AUTH_LOGIN', 'AUTH_REGISTER', 'AUTH_MAIL', 'AUTH_REFRESH'].map((policy) => [
    `RATE_LIMIT_${policy}`,
    '100000/minute',
  ]),
);

/** A system on a database of its own: what it takes to start its processes, and to reach them from any test file. */
export interface System {
  readonly mode: ModeName;
  readonly base: string;
  /** Data and working folder of its processes. */
  readonly folder: string;
  /** What its processes are told. */
  readonly environment: Record<string, string>;
}

/**
 * Boot the built processes in one mode on a fresh database, ready to serve, for this test file alone.
 * @throws Error with what the process said when it does not come up.
 */
export async function startStack(mode: ModeName, extra: Record<string, string> = {}): Promise<Stack> {
  noteStart(`private ${mode}`);
  const system = await prepareSystem(mode, extra);
  const start = (name: 'api' | 'worker') => AppProcess.start(name, system.environment, system.folder);
  const api = start('api');
  let worker: RunningProcess | undefined;
  const end = async (): Promise<void> => {
    await Promise.all([api.stop(), worker?.stop()]);
    await dropSystem(system);
  };
  try {
    await ready(api, system.base);
    if (mode === 'scale-out') await working((worker = start('worker')));
    return await reach(system, api, worker, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** An empty database and the settings of a system in this mode. */
export async function prepareSystem(mode: ModeName, extra: Record<string, string> = {}): Promise<System> {
  const folder = mkdtempSync(join(DATA, 'omnistack-e2e-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const environment: Record<string, string> = {
    ENVIRONMENT: 'local',
    SECRET_KEY,
    DATA_DIR: folder,
    HOST: '127.0.0.1',
    PORT: String(port),
    WORKER_PORT: '0',
    LOG_LEVEL: 'INFO',
    PUBLIC_BASE_URL: base,
    WORKER: mode === 'scale-out' ? 'separate' : 'inline',
    DATABASE_URL: mode === 'embedded' ? `sqlite:${join(folder, 'omnistack.db')}` : await freshPostgres(),
    // Other systems use the same Redis at the same time.
    REDIS_PREFIX: `omni-e2e-${port}`,
    JOBS_NAMESPACE: `omni_e2e_${port}`,
    ...(mode === 'scale-out' ? { REDIS_URL: redisUrl() ?? '' } : {}),
    ...PLENTY,
    ...extra,
  };
  return { mode, base, folder, environment };
}

/** The ways to a system whose processes run. @param end what its `stop` does at last */
export async function reach(
  system: System,
  api: RunningProcess,
  worker: RunningProcess | undefined,
  end: () => Promise<void>,
): Promise<Stack> {
  const { mode, base, folder, environment } = system;
  const contracts = await documentsOf(base);
  const rows = mode === 'embedded' ? rowsOfSqlite(environment) : rowsOfPostgres(environment);
  const neighbours: AppProcess[] = [];
  return {
    mode,
    base,
    api,
    worker,
    contracts,
    client: new ApiClient(base, contracts),
    sql: rows.sql,
    omni: (...words) => runOmni(words, environment, folder),
    neighbour: async () => {
      const port = await freePort();
      const neighbour = AppProcess.start('api', { ...environment, PORT: String(port) }, folder);
      neighbours.push(neighbour);
      await ready(neighbour, `http://127.0.0.1:${port}`);
      return `http://127.0.0.1:${port}`;
    },
    stop: async () => {
      await Promise.all(neighbours.map((neighbour) => neighbour.stop()));
      await rows.close();
      await end();
    },
  };
}

/** Take away what the system has left, once its processes have ended. */
export async function dropSystem({ mode, folder, environment }: System): Promise<void> {
  if (mode !== 'embedded') await onPostgres(`DROP DATABASE IF EXISTS "${nameIn(environment)}" WITH (FORCE)`);
  if (mode === 'scale-out') await forgetKeys(environment);
  rmSync(folder, { recursive: true, force: true });
}

/** Count a start: the end of the run says how many systems there were. */
export function noteStart(what: string): void {
  const folder = process.env[SYSTEMS_FOLDER];
  if (folder) appendFileSync(join(folder, STARTS), `${what}\n`);
}

/** Until it serves. */
export async function ready(api: RunningProcess, base: string): Promise<void> {
  let last = '';
  const isReady = async (): Promise<boolean> => (last = await readiness(base)).startsWith('200');
  await api.until(isReady, () => `green readiness (last: ${last})`, 30_000);
}

/** What readiness answers, for the message of a boot that never gets there. */
async function readiness(base: string): Promise<string> {
  const asked = fetch(`${base}/health/ready`, { signal: AbortSignal.timeout(2_000) });
  return asked
    .then(async (answer) => `${answer.status} ${await answer.text()}`)
    .catch((error) => String(error.cause ?? error));
}

/** Until it works. */
export async function working(worker: RunningProcess): Promise<void> {
  await worker.until(
    () => /ready|working|started/i.test(worker.output),
    () => 'a word that it works',
  );
}

/** The documents of both versions; none where a suite switches the documentation off. */
async function documentsOf(base: string): Promise<OpenApiContract[]> {
  const contracts: OpenApiContract[] = [];
  for (const version of ['v1', 'v2']) {
    const answer = await fetch(`${base}/api/${version}/openapi.json`);
    // An OpenAPI document has this shape by its own standard; the check names what is missing from it.
    if (answer.ok) contracts.push(new OpenApiContract((await answer.json()) as OpenApiDocument));
    else await answer.body?.cancel();
  }
  return contracts;
}

interface Rows {
  sql: Stack['sql'];
  close(): Promise<void>;
}

function rowsOfSqlite(environment: Record<string, string>): Rows {
  const file = (environment.DATABASE_URL ?? '').replace(/^sqlite:/, '');
  const sql = async <R>(text: string, ...parameters: unknown[]): Promise<R[]> => {
    const database = new BetterSqlite(file, { timeout: 5_000 });
    try {
      const statement = database.prepare(text);
      // The caller names the columns of its own statement.
      return (statement.reader ? statement.all(...parameters) : (statement.run(...parameters), [])) as R[];
    } finally {
      database.close();
    }
  };
  return { sql, close: async () => undefined };
}

function rowsOfPostgres(environment: Record<string, string>): Rows {
  let client: Promise<Client> | undefined;
  const sql = async <R>(text: string, ...parameters: unknown[]): Promise<R[]> => {
    // One connection for all: suites that look at every row after every request would spend their time connecting.
    const connection = await (client ??= connected(environment.DATABASE_URL ?? ''));
    let position = 0;
    const numbered = text.replaceAll('?', () => `$${++position}`);
    // The caller names the columns of its own statement.
    return (await connection.query(numbered, parameters)).rows as R[];
  };
  return { sql, close: async () => (await client)?.end() };
}

/** The address of a database that was just made. */
async function freshPostgres(): Promise<string> {
  const name = `omni_e2e_${randomBytes(6).toString('hex')}`;
  await onPostgres(`CREATE DATABASE "${name}"`);
  // Nothing of it has to survive the server.
  await onPostgres(`ALTER DATABASE "${name}" SET synchronous_commit = off`);
  const url = new URL(postgresUrl() ?? '');
  url.pathname = `/${name}`;
  return url.toString();
}

function nameIn(environment: Record<string, string>): string {
  return new URL(environment.DATABASE_URL ?? '').pathname.slice(1);
}

async function onPostgres(text: string): Promise<void> {
  const client = await connected(postgresUrl() ?? '');
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

async function forgetKeys({ REDIS_PREFIX, JOBS_NAMESPACE }: Record<string, string>): Promise<void> {
  const redis = new Redis(redisUrl() ?? '', { maxRetriesPerRequest: 1 });
  for (const prefix of [REDIS_PREFIX, JOBS_NAMESPACE]) {
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.del(...keys);
  }
  redis.disconnect();
}
