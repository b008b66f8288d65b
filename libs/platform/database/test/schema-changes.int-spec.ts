import { col, type Database, MigrationKit, Migrator, statement } from '@platform/database';
import { type Constructor, type DomainDeclaration } from '@platform/kernel';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { coreAndDatabase, describeEachDatabase } from '../../../../test/support/databases';

/** Parents with children that go with them, and a journal that nobody may change. */
class MakeFamilies1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    const owned = { foreignKeys: [{ columns: ['parent_id'], references: 'parents', onDelete: 'CASCADE' as const }] };
    await kit.createTable(
      'parents',
      [col.id(), col.text('name', { unique: true }), col.enum('size', ['small', 'large'])],
      {
        indexes: [{ columns: ['size'], where: "size = 'large'" }],
      },
    );
    await kit.sql({ both: 'CREATE INDEX ix_parents_upper ON parents (upper(name))' });
    await kit.createTable('children', [col.id(), col.ref('parent_id')], owned);
    await kit.createTable('journal', [col.id(), col.ref('parent_id')], owned);
    await kit.appendOnly('journal');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['journal', 'children', 'parents']) await new MigrationKit(runner).dropTable(table);
  }
}

/** What the migration under test does, and how it is taken back. */
interface Change {
  up: (kit: MigrationKit, runner: QueryRunner) => Promise<unknown>;
  down: (kit: MigrationKit, runner: QueryRunner) => Promise<unknown>;
}

const MOOD = col.enum('mood', ['glad', 'sad'], { default: 'glad' });

const CHANGES: Record<string, Change> = {
  'adds a column to a table that others refer to': {
    up: (kit) => kit.addColumn('parents', col.text('note', { nullable: true })),
    down: (kit) => kit.dropColumn('parents', 'note'),
  },
  'adds a unique column': {
    up: (kit) => kit.addColumn('parents', col.text('code', { nullable: true, unique: true })),
    down: (kit) => kit.dropColumn('parents', 'code'),
  },
  'adds a column of few words': {
    up: (kit) => kit.addColumn('parents', MOOD),
    down: (kit) => kit.dropColumn('parents', 'mood'),
  },
  'adds an indexed column': {
    up: async (kit) => {
      await kit.addColumn('parents', col.int('rank', { default: 0 }));
      await kit.createIndex('parents', { columns: ['rank', 'name'] });
    },
    down: (kit) => kit.dropColumn('parents', 'rank'),
  },
  'adds a column with an index on what is made of it': {
    up: async (kit) => {
      await kit.addColumn('parents', col.text('nick', { nullable: true }));
      await kit.sql({ both: 'CREATE INDEX ix_parents_nick ON parents (upper(nick))' });
    },
    down: (kit) => kit.dropColumn('parents', 'nick'),
  },
  'renames a column': {
    up: (_kit, runner) => runner.renameColumn('parents', 'name', 'title'),
    down: (_kit, runner) => runner.renameColumn('parents', 'title', 'name'),
  },
  'renames the table': {
    up: (_kit, runner) => runner.renameTable('parents', 'elders'),
    down: (_kit, runner) => runner.renameTable('elders', 'parents'),
  },
  'adds a column to the journal': {
    up: (kit) => kit.addColumn('journal', col.text('note', { nullable: true })),
    down: (kit) => kit.dropColumn('journal', 'note'),
  },
};

const FAMILY = ['parents', 'children', 'journal'];
const INSERT = [
  "INSERT INTO parents (id, name, size) VALUES (:id, 'Ann', 'small')",
  'INSERT INTO children (id, parent_id) VALUES (:id, :id)',
  'INSERT INTO journal (id, parent_id) VALUES (:id, :id)',
].map((sql, index) => statement(`families.insert.${index}`, sql));
const COUNT = statement(
  'families.count',
  `SELECT ${FAMILY.map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`).join(', ')}`,
);
const INDEXES = statement('families.indexes', {
  postgres: "SELECT indexname AS name FROM pg_indexes WHERE tablename = 'parents' AND indexname LIKE 'ix_%' ORDER BY 1",
  sqlite:
    "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'parents' AND name LIKE 'ix_%' ORDER BY 1",
});
const FORGE = statement('families.forge', 'UPDATE journal SET parent_id = id');
const ID = '0198f1c2-6f3a-7000-8000-000000000001';

describeEachDatabase('A migration', (database) => {
  let open: Database;
  let applied: Change | undefined;
  class ChangeFamilies1700000000002 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await applied?.up(new MigrationKit(runner), runner);
    }

    async down(runner: QueryRunner): Promise<void> {
      await applied?.down(new MigrationKit(runner), runner);
    }
  }
  const declare = (...migrations: Constructor[]): DomainDeclaration[] => [{ name: 'families', migrations }];
  const migrator = (...migrations: Constructor[]): Migrator => {
    const { core, database: config } = coreAndDatabase(database.environment());
    return new Migrator(core, config, declare(MakeFamilies1700000000001, ...migrations));
  };

  beforeAll(async () => {
    open = await database.open(declare(MakeFamilies1700000000001));
    for (const insert of INSERT) await open.execute(insert, { id: ID });
  });

  const counts = async (): Promise<number[]> => {
    const [row = {}] = await open.query(COUNT);
    return FAMILY.map((table) => Number(row[table]));
  };

  it.each(Object.keys(CHANGES))('that %s keeps every row, also when it is taken back', async (title) => {
    applied = CHANGES[title];
    const changed = migrator(ChangeFamilies1700000000002);
    expect(await changed.migrate()).toEqual(['ChangeFamilies1700000000002']);
    expect(await changed.rollback()).toEqual(['ChangeFamilies1700000000002']);
    expect(await counts()).toEqual([1, 1, 1]);
    const indexes = (await open.query<{ name: string }>(INDEXES)).map(({ name }) => name);
    expect(indexes).toEqual(['ix_parents_name', 'ix_parents_size', 'ix_parents_upper']);
    await expect(open.execute(FORGE)).rejects.toThrow('journal is append-only');
  });

  it('that adds a column of few words takes no other word', async () => {
    applied = CHANGES['adds a column of few words'];
    const changed = migrator(ChangeFamilies1700000000002);
    await changed.migrate();
    const sadden = statement('families.sadden', "UPDATE parents SET mood = 'bored'");
    await expect(open.execute(sadden)).rejects.toThrow(/ck_mood_is_known/);
    await changed.rollback();
  });

  it('that fails leaves everything as it was', async () => {
    applied = {
      up: async (kit) => {
        await kit.addColumn('parents', col.text('note', { nullable: true }));
        throw new Error('half done');
      },
      down: async () => undefined,
    };
    const changed = migrator(ChangeFamilies1700000000002);
    await expect(changed.migrate()).rejects.toThrow('half done');
    expect((await changed.status()).map((state) => state.applied)).toEqual([true, false]);
    expect(await counts()).toEqual([1, 1, 1]);
  });

  it('may not leave rows that refer to nothing', async () => {
    applied = { up: (_kit, runner) => runner.query('DELETE FROM parents'), down: async () => undefined };
    const changed = migrator(ChangeFamilies1700000000002);
    if (database.dialect === 'sqlite') await expect(changed.migrate()).rejects.toThrow('2 rows that refer to nothing');
    else await expect(changed.migrate()).rejects.toThrow('journal is append-only');
    expect(await counts()).toEqual([1, 1, 1]);
  });
});
