import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type Database, isUniqueViolation, Migrator, statement, toDate } from '@platform/database';
import { coreAndDatabase, describeEachDatabase } from '../../../../test/support/databases';
import { Thing, THINGS } from './things';

const insert = statement(
  'test.insert',
  'INSERT INTO things (id, name, facts, is_active, created_at) VALUES (:id, :name, :facts, :active, :at)',
);
const names = statement('test.names', 'SELECT name FROM things ORDER BY name');
const byName = statement('test.by-name', 'SELECT * FROM things WHERE name = :name AND is_active = :active');

const AT = new Date('2026-11-22T08:00:00.123Z');
let serial = 0;
const row = (name: string) => ({
  id: `00000000-0000-7000-8000-${String(++serial).padStart(12, '0')}`,
  name,
  facts: { list: [1, 'two', null] },
  active: true,
  at: AT,
});

describeEachDatabase('the database', (test) => {
  let database: Database;
  const list = async () => (await database.query<{ name: string }>(names)).map((thing) => thing.name);

  beforeAll(async () => {
    database = await test.open([THINGS]);
  });
  beforeEach(() => database.manager.query('DELETE FROM things'));

  it('keeps what two neighbours acknowledge while a third transaction fails', async () => {
    const failing = database.transaction(async () => {
      await database.execute(insert, row('A'));
      await sleep(50);
      throw new Error('A fails');
    });
    const neighbour = database.transaction(() => database.execute(insert, row('B')));
    const plain = database.execute(insert, row('C'));
    await expect(failing).rejects.toThrow('A fails');
    await Promise.all([neighbour, plain]);
    const after = await test.open([THINGS]);
    expect((await after.query<{ name: string }>(names)).map((thing) => thing.name)).toEqual(['B', 'C']);
  });

  it('joins the running transaction, so that all of it rolls back', async () => {
    const work = database.transaction(async () => {
      await database.execute(insert, row('outer'));
      await database.transaction(() => database.execute(insert, row('inner')));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await list()).toEqual([]);
  });

  it('makes all transactions of a unit of work one', async () => {
    const unit = database.unitOfWork(async () => {
      expect(database.inTransaction).toBe(false);
      await database.transaction(() => database.execute(insert, row('first')));
      expect(database.inTransaction).toBe(true);
      await database.transaction(() => database.execute(insert, row('second')));
      throw new Error('at the end');
    });
    await expect(unit).rejects.toThrow('at the end');
    expect(await list()).toEqual([]);
    await database.unitOfWork(() => database.transaction(() => database.execute(insert, row('kept'))));
    expect(await list()).toEqual(['kept']);
  });

  it('takes a plain write into the unit of work, so that it rolls back too', async () => {
    const unit = database.unitOfWork(async () => {
      await database.execute(insert, row('plain'));
      throw new Error('at the end');
    });
    await expect(unit).rejects.toThrow('at the end');
    expect(await list()).toEqual([]);
  });

  it('runs what waits for the commit after it, and never after a rollback', async () => {
    const seen: string[] = [];
    await database.transaction(async () => {
      database.afterCommit(async () => void seen.push(`committed ${(await list()).join()}`));
      await database.execute(insert, row('A'));
      expect(seen).toEqual([]);
    });
    const failing = database.transaction(async () => {
      database.afterCommit(() => void seen.push('never'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(seen).toEqual(['committed A']);
  });

  it('keeps the commit and runs the next action when one after it fails', async () => {
    const silent = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const seen: string[] = [];
    await database.transaction(async () => {
      database.afterCommit(() => Promise.reject(new Error('the notice failed')));
      database.afterCommit(() => void seen.push('next'));
      await database.execute(insert, row('kept'));
    });
    expect([await list(), seen]).toEqual([['kept'], ['next']]);
    expect(silent).toHaveBeenCalledWith(expect.stringContaining('the notice failed'));
    silent.mockRestore();
  });

  it('runs the repository of the running transaction', async () => {
    const failing = database.transaction(async () => {
      const things = database.repository(Thing);
      await things.insert({ ...row('A'), createdAt: AT });
      expect(await things.countBy({ name: 'A' })).toBe(1);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.repository(Thing).count()).toBe(0);
  });

  it('returns every kind of value as it was given', async () => {
    await database.execute(insert, row('kinds'));
    const thing = await database.repository(Thing).findOneByOrFail({ name: 'kinds', createdAt: AT });
    expect(thing).toMatchObject({
      facts: { list: [1, 'two', null] },
      isActive: true,
      size: 'small',
      bytes: 0,
      version: 1,
    });
    expect(thing.createdAt).toEqual(AT);
    await database.repository(Thing).update({ name: 'kinds' }, { bytes: Number.MAX_SAFE_INTEGER });
    expect((await database.repository(Thing).findOneByOrFail({ name: 'kinds' })).bytes).toBe(Number.MAX_SAFE_INTEGER);
    const [raw] = await database.query<{ created_at: Date | string }>(byName, { name: 'kinds', active: true });
    expect(raw && toDate(raw.created_at)).toEqual(AT);
  });

  it('knows a unique violation, and refuses a word outside an enumeration', async () => {
    await database.execute(insert, row('same'));
    const again = await database.execute(insert, row('same')).catch((error: unknown) => error);
    expect(isUniqueViolation(again)).toBe(true);
    await expect(database.repository(Thing).update({ name: 'same' }, { size: 'huge' })).rejects.toThrow(/CHECK|check/);
  });

  it('lets nobody lose an update among fifty transactions at once', async () => {
    await database.execute(insert, row('counter'));
    const increment = () =>
      database.transaction(async () => {
        await database.withLock('counter');
        const thing = await database.repository(Thing).findOneByOrFail({ name: 'counter' });
        await sleep(1);
        await database.repository(Thing).update({ id: thing.id }, { counter: thing.counter + 1 });
      });
    await Promise.all(Array.from({ length: 50 }, increment));
    expect((await database.repository(Thing).findOneByOrFail({ name: 'counter' })).counter).toBe(50);
  });

  it('shows no drift after the migrations, and an empty schema after the rollback', async () => {
    const settings = coreAndDatabase(test.environment());
    const migrator = new Migrator(settings.core, settings.database, [THINGS]);
    expect(await migrator.drift()).toEqual([]);
    expect(await migrator.rollback()).toEqual(['CreateThings1700000000000']);
    expect((await migrator.drift()).length).toBeGreaterThan(0);
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrator.migrate()));
    expect(applied.flat()).toEqual(['CreateThings1700000000000']);
  });
});
