import {
  connectWithRetry,
  createDataSource,
  Database,
  DatabaseFitness,
  isTransient,
  placeOf,
  statement,
} from '@platform/database';
import { type DomainDeclaration } from '@platform/kernel';
import { Entity, PrimaryColumn } from 'typeorm';
import { coreAndDatabase, describeEachDatabase } from '../../../../test/support/databases';
import { THINGS } from './things';

/** A table that no migration makes. */
@Entity('elsewhere')
class Elsewhere {
  @PrimaryColumn() id: string;
}

const INSERT = statement(
  'fitness.insert',
  'INSERT INTO things (id, name, note, created_at) VALUES (:id, :name, :note, :now)',
);

function thing(number: number): Record<string, unknown> {
  const id = `0198f1c2-6f3a-7000-8000-${String(number).padStart(12, '0')}`;
  return { id, name: `thing ${number}`, note: 'x'.repeat(200_000), now: new Date(0) };
}

describeEachDatabase('Whether the database can serve us', (database) => {
  let open: Database;
  const settings = () => coreAndDatabase(database.environment());
  const fitnessOf = (one: Database): DatabaseFitness => {
    const { core, database: config } = settings();
    return new DatabaseFitness(one, config, core);
  };

  /** On connections of its own, as a process has that starts now. */
  async function anew(declarations: readonly DomainDeclaration[]): Promise<Database> {
    const { core, database: config } = settings();
    const dataSource = createDataSource({ core, database: config, declarations });
    await connectWithRetry(dataSource, placeOf(core, config, 'requests'), 1, () => undefined);
    database.beforeDrop(() => dataSource.destroy());
    return new Database(dataSource);
  }

  beforeAll(async () => {
    open = await database.open([THINGS]);
  });

  it('is asked by a write that leaves nothing', async () => {
    await fitnessOf(open).demand();
    expect(await open.repository('things').count()).toBe(0);
  });

  if (database.dialect === 'sqlite') {
    it('is denied while the file takes no writes, and granted when it does again', async () => {
      const fitness = fitnessOf(open);
      await open.dataSource.query('PRAGMA query_only = ON');
      await expect(fitness.demand()).rejects.toThrow(/- Correct DATABASE_URL .*test\.db cannot be written/);
      await open.dataSource.query('PRAGMA query_only = OFF');
      await fitness.demand();
    });

    it('is denied when a write met a full disk, though a smaller one may pass', async () => {
      const fitness = fitnessOf(open);
      await fitness.demand();
      await open.dataSource.query('PRAGMA max_page_count = 1');
      const refused = await open.execute(INSERT, thing(1)).catch((error: unknown) => error);
      expect([refused, isTransient(refused)]).toEqual([expect.objectContaining({ code: 'SQLITE_FULL' }), true]);
      await expect(fitness.demand()).rejects.toThrow(/- Make room on the disk of .*test\.db/);
      await open.dataSource.query('PRAGMA max_page_count = 1000000');
    });
    return;
  }

  it('is denied where no table of ours is to be seen', async () => {
    const elsewhere = await anew([{ name: 'elsewhere', entities: [Elsewhere] }]);
    await expect(fitnessOf(elsewhere).demand()).rejects.toThrow(/- Let role "postgres" see the tables elsewhere in/);
  });

  it('is denied while transactions are read-only, which are answered 503', async () => {
    const name = new URL(database.url()).pathname.slice(1);
    await open.dataSource.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    const readOnly = await anew([THINGS]);
    await expect(fitnessOf(readOnly).demand()).rejects.toThrow(
      /- Run `ALTER ROLE "postgres" RESET default_transaction_read_only`/,
    );
    const refused = await readOnly.execute(INSERT, thing(2)).catch((error: unknown) => error);
    expect([refused, isTransient(refused)]).toEqual([expect.objectContaining({ code: '25006' }), true]);
    await open.dataSource.query(`ALTER DATABASE "${name}" RESET default_transaction_read_only`);
  });
});
