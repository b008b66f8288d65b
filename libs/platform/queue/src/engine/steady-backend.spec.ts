import { ConnectionClosedError } from 'bullmq';
import { PostgresStub } from '../../../../../test/support/fakes/postgres-stub';
import { SteadyConnection } from './steady-backend';

describe("BullMQ's connection to a PostgreSQL that ends it as it begins", () => {
  let server: PostgresStub;
  let connection: SteadyConnection;
  beforeAll(async () => {
    server = await PostgresStub.ending();
    const place = { setting: 'DATABASE_URL', url: server.url, role: '"app"', database: '"app"', file: '' };
    connection = new SteadyConnection({ connectionString: server.url, schema: 'jobs' }, place);
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  it('is made anew for every LISTEN, and never ends the process', async () => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      await expect(connection.getListenClient()).rejects.toThrow('terminating connection');
    }
  });

  it.each(['waitUntilReady', 'query'] as const)(
    'is tried anew at each %s, and looks to BullMQ like one lost',
    async (way) => {
      for (let attempt = 1; attempt <= 2; attempt++) {
        const before = server.asked;
        const work = way === 'query' ? connection.pool.query('SELECT 1') : connection.waitUntilReady();
        await expect(work).rejects.toBeInstanceOf(ConnectionClosedError);
        expect(server.asked).toBeGreaterThan(before);
      }
    },
  );
});
