// What the machine can do without a framework: node:http, pg, the same statement, the same token check, nothing else.
import { createPublicKey, hash } from 'node:crypto';
import { createServer } from 'node:http';
import jwt from 'jsonwebtoken';
import pg from 'pg';

const { BARE_DATABASE_URL, BARE_SQL, BARE_SQL_NAMES, BARE_TOKEN_JWKS, BARE_TOKEN_ISSUER, BARE_TOKEN_AUDIENCE } =
  process.env;
const { BARE_REMEMBERS } = process.env;
const pool = new pg.Pool({
  connectionString: BARE_DATABASE_URL,
  max: 10,
  statement_timeout: 5_000,
  query_timeout: 5_500,
});
const names = BARE_SQL_NAMES.split(',');
const keys = new Map(
  JSON.parse(BARE_TOKEN_JWKS).keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]),
);
const checks = { algorithms: ['ES256'], issuer: BARE_TOKEN_ISSUER, audience: BARE_TOKEN_AUDIENCE, clockTolerance: 5 };

function verify(token) {
  return jwt.verify(token, keys.get(jwt.decode(token, { complete: true })?.header.kid), checks);
}

// What OmniStack does, for the second figure: a signature once for each token, its expiry every time.
const verified = new Map();
function remembered(token) {
  const digest = hash('sha256', token, 'hex');
  let claims = verified.get(digest);
  if (!claims) verified.set(digest, (claims = verify(token)));
  if (Date.now() / 1000 >= claims.exp + checks.clockTolerance) throw new Error('expired');
  return claims;
}

function answer(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function list(request, response) {
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  let claims;
  try {
    claims = BARE_REMEMBERS === '1' ? remembered(token) : verify(token);
  } catch {
    return answer(response, 401, { error: 'unauthorized' });
  }
  const parameters = { owner: claims.sub, skip: 0, limit: 20 };
  const values = names.map((name) => parameters[name]);
  const { rows } = await pool.query({ name: 'list', text: BARE_SQL, values });
  const items = rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    owner_id: row.owner_id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }));
  return answer(response, 200, { items, total: Number(rows[0]?.total_of_list ?? 0), skip: 0, limit: 20 });
}

const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url.startsWith('/api/v1/app/projects')) {
    list(request, response).catch((error) => answer(response, 500, { error: error.message }));
  } else {
    answer(response, 404, { error: 'not found' });
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => process.exit(0));
