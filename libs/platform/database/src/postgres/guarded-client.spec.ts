import { Pool } from 'pg';
import { PostgresStub } from '../../../../../test/support/fakes/postgres-stub';
import { GuardedClient } from './guarded-client';

// Node throws an `error` that nobody listens for: without the guard these tests end by it.
describe('a connection that the server ends as it begins', () => {
  let server: PostgresStub;
  beforeAll(async () => {
    server = await PostgresStub.ending();
  });
  afterAll(() => server.stop());

  it('is not handed over', async () => {
    const client = new GuardedClient({ connectionString: server.url });
    await expect(client.connect()).rejects.toThrow('terminating connection');
    await client.end();
  });

  it('answers no query when a pool has handed it over', async () => {
    const pool = new Pool({ connectionString: server.url, Client: GuardedClient });
    const client = await pool.connect();
    await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
    client.release();
    expect(pool.totalCount).toBe(0);
    await pool.end();
  });

  it('stays silent after its holder took all listeners off', async () => {
    const client = new GuardedClient();
    client.on('error', () => undefined);
    client.removeAllListeners();
    expect(client.emit('error', new Error('gone'))).toBe(false);
  });
});
