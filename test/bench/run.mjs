// `npm run bench [-- --short] [-- --write]`: the built API against a bare server on the same PostgreSQL, in turn.
// Prints requests per second, p50, p99, peak memory and the ratio; --write puts the table into docs/performance.md.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import autocannon from 'autocannon';
import pg from 'pg';
import { freePort, startProcess, stopAll } from './processes.mjs';

const require = createRequire(import.meta.url);
const short = process.argv.includes('--short');
const SECONDS = short ? 2 : 6;
const ROUNDS = short ? 1 : 5;
const CONNECTIONS = 32;
const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const SECRET = randomBytes(48).toString('base64url');

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function onServer(sql) {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function call(base, method, path, { token, body } = {}) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(`${base}${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function startApi(databaseUrl) {
  const port = await freePort();
  const env = {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SECRET_KEY: SECRET,
    NODE_ENV: 'production',
    ENVIRONMENT: 'production',
    AUTH_REQUIRE_VERIFIED_EMAIL: 'false',
    DB_MIGRATE_ON_BOOT: 'true',
    WORKER: 'separate',
    DB_POOL_SIZE: '10',
    BACKEND_CORS_ORIGINS: 'https://bench.invalid',
    PUBLIC_BASE_URL: 'https://bench.invalid',
    METRICS_TOKEN: SECRET,
    LOG_LEVEL: 'INFO',
    // Limits are checked and counted on every request; they are only too high to be met.
    RATE_LIMIT_DEFAULT: '900000000/minute',
    RATE_LIMIT_AUTHENTICATED: '900000000/minute',
    RATE_LIMIT_AUTH_LOGIN: '90000000/minute',
    RATE_LIMIT_AUTH_REGISTER: '90000000/minute',
    // Eight sign in to one account at the same moment, which would otherwise look like guessing.
    AUTH_LOCKOUT_AFTER: '100',
  };
  const server = await startProcess(
    ['--disable-proto=delete', 'dist/apps/api/src/main.js'],
    env,
    port,
    '/api/v1/public/health',
  );
  return { ...server, env };
}

/** The text and the names of the parameters of the list's first page, as the API runs it. */
function listStatement(databaseUrl) {
  const env = {
    ENVIRONMENT: 'local',
    DATABASE_URL: databaseUrl,
    SECRET_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'ERROR',
  };
  const omni = 'dist/apps/cli/src/main.js';
  const printed = execFileSync(process.execPath, [omni, 'db', 'statements', 'projects'], { env, encoding: 'utf8' });
  const pages = Array.from(printed.matchAll(/^-- projects\.page_\w+ \(([^)]*)\)\n(.*);$/gm), ([, names, text]) => ({
    names,
    text,
  }));
  const newest = pages.find(({ names }) => names === 'owner, limit, skip');
  if (!newest)
    throw new Error('`omni db statements projects` shows no page of owner, limit and skip: correct test/bench/run.mjs');
  return newest;
}

async function startBare(databaseUrl, token, jwks, { remembers = false } = {}) {
  const jwt = require('jsonwebtoken');
  const { names, text } = listStatement(databaseUrl);
  // It takes the API's own token, by the keys that the API publishes.
  const payload = jwt.decode(token);
  const port = await freePort();
  const env = {
    PORT: String(port),
    NODE_ENV: 'production',
    BARE_DATABASE_URL: databaseUrl,
    BARE_SQL: text,
    BARE_SQL_NAMES: names.replaceAll(' ', ''),
    BARE_TOKEN_JWKS: JSON.stringify(jwks),
    BARE_TOKEN_ISSUER: payload.iss,
    BARE_TOKEN_AUDIENCE: String(payload.aud),
    BARE_REMEMBERS: remembers ? '1' : '0',
  };
  return startProcess(['test/bench/bare-server.mjs'], env, port, '/health');
}

async function load(base, path, { token, expect = 200, ...options } = {}) {
  const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...options.headers };
  const result = await autocannon({
    url: `${base}${path}`,
    connections: CONNECTIONS,
    duration: SECONDS,
    ...options,
    headers,
  });
  const answered = result.statusCodeStats[expect]?.count ?? 0;
  if (result.errors > 0 || answered < result.requests.total * 0.999) {
    throw new Error(`${path}: ${result.errors} errors, answers ${JSON.stringify(result.statusCodeStats)}`);
  }
  return { rps: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

function summary(name, rounds, rssMb) {
  return {
    name,
    rps: Math.round(median(rounds.map((round) => round.rps))),
    p50: median(rounds.map((round) => round.p50)),
    p99: median(rounds.map((round) => round.p99)),
    rssMb,
  };
}

async function measure(databaseUrl) {
  const api = await startApi(databaseUrl);
  const email = 'bench@example.com';
  const account = { email, password: 'a-password-for-the-bench' };
  const { access_token: token } = await call(api.base, 'POST', '/api/v1/public/auth/register', { body: account });
  for (let index = 0; index < 100; index++) {
    const body = {
      name: `Project ${index}`,
      description: 'A project of the bench, with a description of common length.',
    };
    await call(api.base, 'POST', '/api/v1/app/projects', { token, body });
  }
  const jwks = await call(api.base, 'GET', '/.well-known/jwks.json');
  const bare = await startBare(databaseUrl, token, jwks);
  const remembering = await startBare(databaseUrl, token, jwks, { remembers: true });
  const path = '/api/v1/app/projects?limit=20';
  const same = await Promise.all([call(api.base, 'GET', path, { token }), call(bare.base, 'GET', path, { token })]);
  if (JSON.stringify(same[0]) !== JSON.stringify(same[1]))
    throw new Error(`The servers answer differently: ${JSON.stringify(same)}`);

  for (const server of [api, bare, remembering]) await load(server.base, path, { token, duration: 2 });
  const rounds = { api: [], bare: [], remembering: [] };
  for (let round = 0; round < ROUNDS; round++) {
    rounds.bare.push(await load(bare.base, path, { token }));
    rounds.api.push(await load(api.base, path, { token }));
    rounds.remembering.push(await load(remembering.base, path, { token }));
  }
  const ratiosTo = (others) => rounds.api.map((run, index) => run.rps / others[index].rps);
  const rows = [
    summary('bare server, list of 20', rounds.bare, bare.peakMb()),
    summary('bare server that remembers tokens, list of 20', rounds.remembering, remembering.peakMb()),
    summary('OmniStack, list of 20', rounds.api, api.peakMb()),
  ];

  const json = { 'content-type': 'application/json' };
  const project = JSON.stringify({ name: 'Made by the bench', description: 'One of many.' });
  const others = [
    [
      'OmniStack, POST project',
      '/api/v1/app/projects',
      { token, method: 'POST', body: project, headers: json, expect: 201 },
    ],
    ['OmniStack, 404', '/api/v1/app/nothing', { token, expect: 404 }],
    [
      'OmniStack, login',
      '/api/v1/public/auth/login',
      { method: 'POST', body: JSON.stringify(account), headers: json, connections: 8 },
    ],
  ];
  for (const [name, target, options] of others)
    rows.push(summary(name, [await load(api.base, target, options)], api.peakMb()));
  return { rows, toBare: ratiosTo(rounds.bare), toRemembering: ratiosTo(rounds.remembering) };
}

function ratio(ratios) {
  const spread = ratios.map((value) => value.toFixed(2)).join(', ');
  return `**${median(ratios).toFixed(2)}** (median of ${ratios.length}: ${spread})`;
}

function table({ rows, toBare, toRemembering }) {
  const lines = ['| What | Requests per second | p50 ms | p99 ms | Peak memory MB |', '|---|---|---|---|---|'];
  for (const row of rows) lines.push(`| ${row.name} | ${row.rps} | ${row.p50} | ${row.p99} | ${row.rssMb} |`);
  lines.push('', `Ratio of the list, OmniStack to bare: ${ratio(toBare)}`);
  lines.push('', `The same to a bare server that remembers verified tokens as OmniStack does: ${ratio(toRemembering)}`);
  return lines.join('\n');
}

function write(text) {
  const file = 'docs/performance.md';
  const when = `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${os.availableParallelism()} cores, ${CONNECTIONS} connections, ${SECONDS} s a round`;
  const body = readFileSync(file, 'utf8');
  const next = body.replace(/(<!-- bench -->)[\s\S]*?(<!-- \/bench -->)/, `$1\n\n${text}\n\nMeasured ${when}.\n\n$2`);
  writeFileSync(file, next);
}

const name = `omni_bench_${randomBytes(4).toString('hex')}`;
const url = new URL(SERVER);
url.pathname = `/${name}`;
await onServer(`CREATE DATABASE "${name}"`);
try {
  const result = await measure(url.toString());
  const text = table(result);
  console.log(text);
  if (process.argv.includes('--write')) write(text);
} finally {
  await stopAll();
  await onServer(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}
