import { CoreConfig, LoadedSettings } from '@platform/config';
import { type Database } from './database';
import { DatabaseConfig } from './database.config';
import { DatabaseFitness } from './fitness';

const FIT = { standby: false, written: '1', missing: [], closed: [] };

/** A PostgreSQL behind a pooler, that answers with this row. */
function answering(row: object): DatabaseFitness {
  const environment = {
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
    DATABASE_URL: 'postgres://app@db.internal/shop',
    DATABASE_DIRECT_URL: 'postgres://app@db.internal/shop',
    DATABASE_POOLER: 'transaction',
  };
  const loaded = LoadedSettings.load([CoreConfig, DatabaseConfig], environment);
  const database = {
    dialect: 'postgres',
    dataSource: { entityMetadatas: [] },
    observe: () => undefined,
    transaction: (work: () => Promise<unknown>) => work(),
    query: async () => [row],
  };
  // The part of it that is asked.
  return new DatabaseFitness(database as unknown as Database, loaded.get(DatabaseConfig), loaded.get(CoreConfig));
}

describe('a PostgreSQL that reads well', () => {
  it('is fit when it also writes', async () => {
    await answering(FIT).demand();
  });

  it.each([
    [{ ...FIT, standby: true, written: null }, /- Name the primary in DATABASE_URL .*standby/],
    [{ ...FIT, written: null }, /- Run `ALTER ROLE "app" RESET default_transaction_read_only`.*DATABASE "shop"/],
    [{ ...FIT, missing: ['a', 'b', 'c', 'd', 'e'] }, /- Let role "app" see the tables a, b, c and 2 more in "shop"/],
    [{ ...FIT, closed: ['users'] }, /- Run `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES .* TO "app"`.*users/],
  ])('is not when it answers %j', async (row, line) => {
    await expect(answering(row).demand()).rejects.toThrow(line);
  });
});
