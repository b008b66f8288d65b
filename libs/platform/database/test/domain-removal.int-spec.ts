import { col, IdColumn, MigrationKit, Migrator, ReferenceColumn } from '@platform/database';
import { type Constructor, type DomainDeclaration } from '@platform/kernel';
import { Entity, ForeignKey, type MigrationInterface, type QueryRunner } from 'typeorm';
import { coreAndDatabase, describeEachDatabase } from '../../../../test/support/databases';

@Entity('beds')
class Bed {
  @IdColumn() id: string;
}

@Entity('plants')
class Plant {
  @IdColumn() id: string;
  @ForeignKey('beds') @ReferenceColumn() bedId: string;
}

@Entity('orders')
class Order {
  @IdColumn() id: string;
  @ForeignKey('plants') @ReferenceColumn() plantId: string;
}

const ID = '0198f1c2-6f3a-7000-8000-000000000001';

/** A migration that makes a table with a key to another one. */
function creation(name: string, table: string, key?: readonly [column: string, references: string]): Constructor {
  const Creation = class implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      const columns = key ? [col.id(), col.ref(key[0])] : [col.id()];
      const foreignKeys = key ? [{ columns: [key[0]], references: key[1] }] : [];
      await new MigrationKit(runner).createTable(table, columns, { foreignKeys });
    }

    async down(runner: QueryRunner): Promise<void> {
      await new MigrationKit(runner).dropTable(table);
    }
  };
  Object.defineProperty(Creation, 'name', { value: name });
  return Creation;
}

const USERS: DomainDeclaration = {
  name: 'users',
  required: true,
  migrations: [creation('CreateUsers1700000000000', 'users')],
};
const GARDEN: DomainDeclaration = {
  name: 'garden',
  entities: [Bed, Plant],
  migrations: [
    creation('CreateBeds1700000001000', 'beds'),
    creation('CreatePlants1700000002000', 'plants', ['bed_id', 'beds']),
  ],
};
/** The garden as somebody made it anew, after it was destroyed. */
const NEW_GARDEN: DomainDeclaration = {
  name: 'garden',
  entities: [Bed],
  migrations: [creation('CreateBeds1700000003000', 'beds')],
};
const SHOP: DomainDeclaration = {
  name: 'shop',
  entities: [Order],
  migrations: [creation('CreateOrders1700000004000', 'orders', ['plant_id', 'plants'])],
};

describeEachDatabase('a domain that is dropped', (test) => {
  const migrator = (...declarations: DomainDeclaration[]) => {
    const { core, database } = coreAndDatabase(test.environment());
    return new Migrator(core, database, declarations);
  };

  it('is told with its rows, also when its code is gone, and leaves what others have', async () => {
    await migrator(USERS, GARDEN).migrate();
    const { dataSource } = await test.open([USERS, GARDEN]);
    await dataSource.query(`INSERT INTO beds (id) VALUES ('${ID}')`);
    await dataSource.query(`INSERT INTO plants (id, bed_id) VALUES ('${ID}', '${ID}')`);
    const without = migrator(USERS);
    expect(await without.status()).toEqual([
      { name: 'CreateUsers1700000000000', applied: true },
      { name: 'CreateBeds1700000001000', applied: true, leftBy: 'garden' },
      { name: 'CreatePlants1700000002000', applied: true, leftBy: 'garden' },
    ]);
    await expect(without.rollback()).rejects.toThrow(
      /CreatePlants1700000002000 .*code is gone: `npm run omni -- db drop garden`/,
    );
    const removal = {
      tables: [
        { name: 'beds', rows: 1 },
        { name: 'plants', rows: 1 },
      ],
      migrations: ['CreateBeds1700000001000', 'CreatePlants1700000002000'],
      isInCode: false,
    };
    expect(await without.holdings('garden')).toEqual(removal);
    expect(await without.drop('garden')).toEqual(removal);
    expect(await without.status()).toEqual([{ name: 'CreateUsers1700000000000', applied: true }]);
    await expect(without.holdings('garden')).rejects.toThrow('This database knows no domain garden: take one of users');
  });

  it('can come again, the same: its migrations are forgotten with its tables', async () => {
    expect(await migrator(USERS, GARDEN).migrate()).toHaveLength(2);
    expect(await migrator(USERS, GARDEN).drop('garden')).toMatchObject({ isInCode: true });
    expect(await migrator(USERS, GARDEN).migrate()).toHaveLength(2);
  });

  it('stands in the way of another that makes its table anew: the refusal says whose it is and how it goes', async () => {
    const anew = migrator(USERS, NEW_GARDEN);
    await expect(anew.migrate()).rejects.toThrow(/the table beds, .*the domain garden made it .*db drop garden/);
    expect(await anew.drop('garden')).toMatchObject({ tables: [{ name: 'beds' }, { name: 'plants' }] });
    expect(await anew.migrate()).toEqual(['CreateBeds1700000003000']);
  });

  it('takes no table that another domain has taken over', async () => {
    const moved = { ...NEW_GARDEN, name: 'park' };
    expect(await migrator(USERS, moved).holdings('garden')).toMatchObject({ tables: [] });
    await migrator(USERS, moved).migrate();
    await expect(migrator(USERS, moved).holdings('garden')).rejects.toThrow(/take one of park, users/);
    await migrator(USERS, moved).drop('park');
  });

  it('is refused while another domain refers to it, naming the two, and for what every installation has', async () => {
    const all = migrator(USERS, GARDEN, SHOP);
    await all.migrate();
    await expect(all.drop('garden')).rejects.toThrow(
      'The table orders of shop refers to plants: drop shop before garden',
    );
    await expect(migrator(USERS).drop('garden')).rejects.toThrow('drop shop before garden');
    await expect(all.drop('users')).rejects.toThrow(/users is part of every installation/);
    await expect(all.drop('platform/audit')).rejects.toThrow(
      /no domain platform\/audit: take one of garden, shop, users/,
    );
    expect((await all.status()).every(({ applied }) => applied)).toBe(true);
  });

  it('goes whole or not at all', async () => {
    const all = migrator(USERS, GARDEN, SHOP);
    const { dataSource } = await test.open([USERS, GARDEN, SHOP]);
    // Something that fails when the tables are gone already.
    const guard = {
      postgres: 'CREATE RULE kept AS ON DELETE TO schema_ledger DO INSTEAD SELECT 1 / (SELECT 0)',
      sqlite: "CREATE TRIGGER kept BEFORE DELETE ON schema_ledger BEGIN SELECT RAISE(ABORT, 'division by zero'); END",
    };
    await dataSource.query(guard[test.dialect]);
    await expect(all.drop('shop')).rejects.toThrow(/division by zero/);
    expect(await all.holdings('shop')).toMatchObject({ tables: [{ name: 'orders' }] });
    expect(await all.migrate()).toEqual([]);
    await dataSource.query({ postgres: 'DROP RULE kept ON schema_ledger', sqlite: 'DROP TRIGGER kept' }[test.dialect]);
    await all.drop('shop');
    expect(await all.migrate()).toEqual(['CreateOrders1700000004000']);
  });
});
