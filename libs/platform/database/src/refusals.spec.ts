import { CoreConfig, LoadedSettings } from '@platform/config';
import { PostgresStub } from '../../../../test/support/fakes/postgres-stub';
import { connectWithRetry, createDataSource } from './data-source';
import { DatabaseConfig } from './database.config';
import { type Place, placeOf } from './place';
import { refusalOf } from './refusals';

const SECRET_KEY = 'a-key-of-the-tests-that-is-long-enough';

function settings(environment: Record<string, string>) {
  const loaded = LoadedSettings.load([CoreConfig, DatabaseConfig], { SECRET_KEY, ...environment });
  return { core: loaded.get(CoreConfig), database: loaded.get(DatabaseConfig) };
}

function placeIn(environment: Record<string, string>): Place {
  const { core, database } = settings(environment);
  return placeOf(core, database, 'requests');
}

function lineOf(code: string, text: string, place: Place): string | undefined {
  return refusalOf(Object.assign(new Error(text), { code }), place)?.problems.join('\n');
}

describe('what a database refuses for good', () => {
  const postgres = placeIn({ DATABASE_URL: 'postgres://app:s3cr3t@db.internal/shop' });
  const sqlite = placeIn({ DATABASE_URL: 'sqlite:/srv/shop.db' });
  const embedded = placeIn({ DATA_DIR: '/srv/shop' });

  it.each([
    [
      '28P01',
      'password authentication failed for user "app"',
      /^Correct DATABASE_URL .*password of "app".*percent-encoded$/,
    ],
    ['28000', 'no pg_hba.conf entry for host "10.0.0.1"', /^Correct DATABASE_URL .*pg_hba/],
    ['3D000', 'database "shop" does not exist', /^Run `CREATE DATABASE "shop" OWNER "app"`, or correct DATABASE_URL/],
    ['3F000', 'no schema has been selected to create in', /^Run `CREATE SCHEMA AUTHORIZATION "app"` in "shop"/],
    [
      '42501',
      'permission denied for schema public',
      /^Run `GRANT USAGE, CREATE ON SCHEMA "public" TO "app"` in "shop"/,
    ],
    ['42501', 'permission denied for database shop', /^Run `GRANT CREATE ON DATABASE "shop" TO "app"`/],
    [
      '42501',
      'permission denied for table users',
      /^Run `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public"/,
    ],
    ['42501', 'must be owner of table users', /^Give role "app" the right that it lacks in "shop" .*must be owner/],
    [
      '42P07',
      'relation "users" already exists',
      /^Name an empty database in DATABASE_URL .*relation "users" already exists/,
    ],
    ['25006', 'cannot execute INSERT in a read-only transaction', /^Name the primary in DATABASE_URL/],
    ['53100', 'could not extend file', /^Make room on the disk of "shop"/],
    [
      '08P01',
      'unsupported startup parameter: statement_timeout',
      /^Set DATABASE_POOLER=transaction and DATABASE_DIRECT_URL/,
    ],
    ['', 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', /^Correct DATABASE_URL .*has none$/],
    ['', 'The server does not support SSL connections', /^Correct DATABASE_URL .*sslmode/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate', /^Correct DATABASE_URL .*sslrootcert/],
  ])('%s of PostgreSQL, %s, is one line with setting and fix', (code, text, line) => {
    expect(lineOf(code, text, postgres)).toMatch(line);
    expect(lineOf(code, text, postgres)).not.toMatch(/s3cr3t|\n/);
  });

  it.each([
    [
      'SQLITE_READONLY',
      'attempt to write a readonly database',
      /^Correct DATABASE_URL .*\/srv\/shop\.db cannot be written/,
    ],
    ['SQLITE_CANTOPEN', 'unable to open database file', /^Correct DATABASE_URL .*cannot be written/],
    ['SQLITE_FULL', 'database or disk is full', /^Make room on the disk of \/srv\/shop\.db \(DATABASE_URL/],
    ['SQLITE_NOTADB', 'file is not a database', /^Correct DATABASE_URL .*no SQLite database/],
    ['SQLITE_ERROR', 'table "users" already exists', /^Name an empty database in DATABASE_URL/],
  ])('%s of SQLite is one line with setting and fix', (code, text, line) => {
    expect(lineOf(code, text, sqlite)).toMatch(line);
  });

  it('names DATA_DIR where the file lies in it', () => {
    expect(lineOf('SQLITE_READONLY', 'readonly', embedded)).toMatch(/^Correct DATA_DIR .*\/srv\/shop\/omnistack\.db/);
  });

  it.each([
    ['57P01', 'terminating connection due to administrator command'],
    ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'],
    ['53300', 'too many connections'],
    ['42703', 'column "nmae" does not exist'],
  ])('is not %s: that ends by itself, or is our mistake', (code, text) => {
    expect(lineOf(code, text, postgres)).toBeUndefined();
  });
});

describe('connecting', () => {
  async function connect(stub: PostgresStub): Promise<unknown> {
    const { core, database } = settings({ DATABASE_URL: stub.url });
    const dataSource = createDataSource({ core, database, declarations: [] });
    const connected = connectWithRetry(dataSource, placeOf(core, database, 'requests'), 2, () => undefined);
    return connected.catch((error: unknown) => error).finally(() => stub.stop());
  }

  it('does not try again what is refused for good', async () => {
    const stub = await PostgresStub.refusing('28P01', 'password authentication failed for user "app"');
    expect(await connect(stub)).toMatchObject({ problems: [expect.stringContaining('the password of "app"')] });
    expect(stub.asked).toBe(1);
  });

  it('tries again while the server starts, and says at last that nobody answered', async () => {
    const stub = await PostgresStub.refusing('57P03', 'the database system is starting up');
    expect(await connect(stub)).toMatchObject({
      problems: [expect.stringContaining('does not answer: the database system is starting up. Start it')],
    });
    expect(stub.asked).toBe(2);
  });
});
