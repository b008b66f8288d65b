import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import Redis from 'ioredis';
import { Client } from 'pg';
import { ApiClient } from './api-client';
import { AppProcess, freePort, runOmni } from './app-process';
import { type ModeName, type Stack } from './modes';
import { OpenApiContract, type OpenApiDocument } from './openapi';
import { postgresUrl, redisUrl } from './services';

/** The root secret of every system under test. */
export const SECRET_KEY = 'a-root-key-for-the-e2e-suites-0123456789';

/** Limits out of the way: one suite sets its own and looks at them. */
const PLENTY = Object.fromEntries(
  ['DEFAULT', 'AUTHENTICATED', 'AUTH_LOGIN', 'AUTH_REGISTER', 'AUTH_MAIL', 'AUTH_REFRESH'].map((policy) => [
    `RATE_LIMIT_${policy}`,
    '100000/minute',
  ]),
);

/**
 * Boot the built processes in one mode on a fresh database, ready to serve.
 * @throws Error with what the process said when it does not come up.
 */
export async function startStack(mode: ModeName, extra: Record<string, string> = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-e2e-'));
  const place = mode === 'embedded' ? sqliteIn(folder) : await freshPostgres();
  const port = await freePort();
  const environment: Record<string, string> = {
    ENVIRONMENT: 'local',
    SECRET_KEY,
    DATA_DIR: folder,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'INFO',
    PUBLIC_BASE_URL: `http://127.0.0.1:${port}`,
    WORKER: mode === 'scale-out' ? 'separate' : 'inline',
    DATABASE_URL: place.url,
    // Broadcasts of Redis know no database number.
    REDIS_PREFIX: `omni-e2e-${port}`,
    ...(mode === 'scale-out' ? { REDIS_URL: await ownRedis() } : {}),
    ...PLENTY,
    ...extra,
  };
  const base = `http://127.0.0.1:${port}`;
  const api = AppProcess.start('api', { ...environment, PORT: String(port) }, folder);
  const neighbours: AppProcess[] = [];
  const stop = async (worker?: AppProcess): Promise<void> => {
    await Promise.all([api.stop(), worker?.stop(), ...neighbours.map((neighbour) => neighbour.stop())]);
    await place.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(api, base);
    const worker = mode === 'scale-out' ? await startWorker(environment, folder) : undefined;
    const contracts = await documentsOf(base);
    return {
      mode,
      base,
      api,
      worker,
      contracts,
      client: new ApiClient(base, contracts),
      sql: place.sql,
      omni: (...words) => runOmni(words, environment, folder),
      neighbour: async () => {
        const beside = await freePort();
        const process = AppProcess.start('api', { ...environment, PORT: String(beside) }, folder);
        neighbours.push(process);
        await ready(process, `http://127.0.0.1:${beside}`);
        return `http://127.0.0.1:${beside}`;
      },
      stop: () => stop(worker),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(api: AppProcess, base: string): Promise<void> {
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

async function startWorker(environment: Record<string, string>, folder: string): Promise<AppProcess> {
  const worker = AppProcess.start('worker', { ...environment, WORKER_PORT: '0' }, folder);
  await worker.until(
    () => /ready|working|started/i.test(worker.output),
    () => 'a word that it works',
  );
  return worker;
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

interface Place {
  url: string;
  sql: Stack['sql'];
  drop(): Promise<void>;
}

function sqliteIn(folder: string): Place {
  const file = join(folder, 'omnistack.db');
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
  return { url: `sqlite:${file}`, sql, drop: async () => undefined };
}

async function freshPostgres(): Promise<Place> {
  const name = `omni_e2e_${randomBytes(6).toString('hex')}`;
  await onPostgres(postgresUrl() ?? '', `CREATE DATABASE "${name}"`);
  const url = new URL(postgresUrl() ?? '');
  url.pathname = `/${name}`;
  let client: Promise<Client> | undefined;
  const sql = async <R>(text: string, ...parameters: unknown[]): Promise<R[]> => {
    // One connection for all: suites that look at every row after every request would spend their time connecting.
    const connection = await (client ??= connected(url.toString()));
    let position = 0;
    const numbered = text.replaceAll('?', () => `$${++position}`);
    // The caller names the columns of its own statement.
    return (await connection.query(numbered, parameters)).rows as R[];
  };
  const drop = async (): Promise<void> => {
    await (await client)?.end();
    await onPostgres(postgresUrl() ?? '', `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  };
  return { url: url.toString(), sql, drop };
}

async function onPostgres(url: string, text: string): Promise<void> {
  const client = await connected(url);
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

/** A database number of Redis for this jest worker alone, empty. */
async function ownRedis(): Promise<string> {
  const url = new URL(redisUrl() ?? '');
  url.pathname = `/${8 + (Number(process.env.JEST_WORKER_ID ?? '1') % 8)}`;
  const redis = new Redis(url.toString(), { maxRetriesPerRequest: 1 });
  await redis.flushdb();
  redis.disconnect();
  return url.toString();
}
