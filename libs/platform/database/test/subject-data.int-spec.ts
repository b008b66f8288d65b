import { randomUUID } from 'node:crypto';
import { type Database, SubjectData } from '@platform/database';
import { BootRefused, type SubjectDataContract } from '@platform/kernel';
import { describeEachDatabase } from '../../../../test/support/databases';
import { belongings, BELONGINGS_HELD, Club, Home, Letter, Oath, Room, Soul } from './belongings';

describeEachDatabase('what is held of people', (test) => {
  let database: Database;
  let data: SubjectData;

  beforeAll(async () => {
    database = await test.open([belongings()]);
    data = new SubjectData(database, [belongings()]);
  });
  // The oaths stay: nobody can take one back.
  beforeEach(async () => {
    for (const table of ['letters', 'rooms', 'homes']) await database.manager.query(`DELETE FROM ${table}`);
  });

  async function home(ownerId: string): Promise<string> {
    const [id, room] = [randomUUID(), randomUUID()];
    await database.repository(Home).insert({ id, ownerId });
    await database.repository(Room).insert({ id: room, homeId: id });
    return id;
  }
  async function letter(subjectId: string | null, toEmail: string | null): Promise<string> {
    const id = randomUUID();
    const known = { signature: 'Ann', stamp: { of: 'Ann' }, envelope: { lines: ['Ann'] }, seal: { ring: 'Ann' } };
    await database.repository(Letter).insert({ id, subjectId, toEmail, ...known } as object);
    return id;
  }
  const homes = async () => (await database.repository(Home).find()).map(({ ownerId }) => ownerId);

  it('is deleted, children before their parents, and nobody else loses anything', async () => {
    const [ann, bob] = [randomUUID(), randomUUID()];
    await home(ann);
    await home(ann);
    const kept = await home(bob);
    expect(await data.erase('person', ann)).toMatchObject({ homes: 2, rooms: 2 });
    expect(await homes()).toEqual([bob]);
    expect((await database.repository(Room).find()).map(({ homeId }) => homeId)).toEqual([kept]);
  });

  it('is anonymized: text, null, and every kind of JSON value', async () => {
    const ann = randomUUID();
    const id = await letter(ann, null);
    const other = await letter(randomUUID(), null);
    expect(await data.erase('person', ann)).toMatchObject({ letters: 1 });
    expect(await database.repository(Letter).findOneByOrFail({ id })).toMatchObject({
      subjectId: null,
      signature: 'somebody',
      stamp: null,
      envelope: { lines: ['unknown', null] },
      seal: 'none',
    });
    expect(await database.repository(Letter).findOneByOrFail({ id: other })).toMatchObject({ signature: 'Ann' });
    const empty = await database.manager.query<unknown[]>('SELECT id FROM letters WHERE stamp IS NULL');
    expect(empty).toHaveLength(1);
  });

  it('is kept where a reason says so', async () => {
    const ann = randomUUID();
    await database.repository(Oath).insert({ id: randomUUID(), personId: ann, number: null });
    expect(Object.keys(await data.erase('person', ann, 'ann@example.test'))).not.toContain('oaths');
    expect(await database.repository(Oath).countBy({ personId: ann })).toBe(1);
  });

  it('is found by address only when the address is given', async () => {
    const ann = randomUUID();
    await letter(null, 'ann@example.test');
    await letter(null, 'bob@example.test');
    await data.erase('person', ann);
    expect(await database.repository(Letter).count()).toBe(2);
    expect(await data.erase('person', ann, 'ann@example.test')).toMatchObject({ letters: 1 });
    expect((await database.repository(Letter).find()).map(({ toEmail }) => toEmail)).toEqual(['bob@example.test']);
  });

  it('of a tenant is what an owner may have, and no column of a person', async () => {
    const tenant = randomUUID();
    await home(tenant);
    // An id of a person never equals that of a tenant; were a column of people asked, this row would tell.
    const id = await letter(tenant, 'ann@example.test');
    expect(await data.erase('tenant', tenant, 'ann@example.test')).toEqual({ homes: 1, rooms: 1 });
    expect(await database.repository(Letter).findOneByOrFail({ id })).toMatchObject({ subjectId: tenant });
  });

  it('is found without an owner, batch by batch, when its owner is neither a person nor a tenant', async () => {
    const [person, club] = [randomUUID(), randomUUID()];
    await database.repository(Soul).insert({ id: person });
    await database.repository(Club).insert({ id: club });
    for (const owner of [person, club]) await home(owner);
    const lost = Array.from({ length: 1_001 }, () => ({ id: randomUUID(), ownerId: randomUUID() }));
    for (let first = 0; first < lost.length; first += 100) {
      await database.repository(Home).insert(lost.slice(first, first + 100));
    }
    const found: string[] = [];
    for await (const id of data.ownerless('homes')) found.push(id);
    expect(found).toEqual(lost.map(({ id }) => id).sort());
    await expect(data.ownerless('oaths').next()).rejects.toThrow(/Table 'oaths' has no owner: declare/);
  });

  it('can be erased twice', async () => {
    const ann = randomUUID();
    await home(ann);
    await data.erase('person', ann);
    expect(await data.erase('person', ann)).toEqual({ homes: 0, rooms: 0, letters: 0 });
  });

  it('stays whole when something fails in the middle, and when the work around it does', async () => {
    const ann = randomUUID();
    await home(ann);
    const id = await letter(ann, null);
    // Homes before their rooms: the letters are done by then, and the database refuses.
    const [first, second, ...others] = BELONGINGS_HELD;
    const wrong = [second, first, ...others].filter((contract) => contract !== undefined);
    const misordered = new SubjectData(database, [belongings(wrong)]);
    await expect(misordered.erase('person', ann)).rejects.toThrow(/foreign key/i);
    const around = database.unitOfWork(async () => {
      await data.erase('person', ann);
      throw new Error('later');
    });
    await expect(around).rejects.toThrow('later');
    expect(await homes()).toEqual([ann]);
    expect(await database.repository(Letter).findOneByOrFail({ id })).toMatchObject({ subjectId: ann });
  });
});

describeEachDatabase('a declaration of what is held', (test) => {
  let database: Database;
  beforeAll(async () => {
    database = await test.open([belongings()]);
  });

  const HOME: SubjectDataContract = {
    table: 'homes',
    column: 'owner_id',
    holds: 'owner',
    summary: 'Homes',
    erasure: { kind: 'delete' },
  };
  const set = (values: Record<string, string | null>) => ({ kind: 'anonymize', set: values }) as const;
  const letters = { table: 'letters', column: 'subject_id' };
  const refusal = (...contracts: SubjectDataContract[]) => {
    try {
      new SubjectData(database, [belongings(contracts)]);
    } catch (error) {
      return error instanceof BootRefused ? error.problems.join('\n') : error;
    }
    return undefined;
  };

  it('is taken when it can be kept', () => {
    expect(refusal(...BELONGINGS_HELD)).toBeUndefined();
  });

  it.each<[string, Partial<SubjectDataContract>, RegExp]>([
    [
      'a table that is nowhere',
      { table: 'castles' },
      /castles\.owner_id of 'belongings' names a table .*correct `table`/,
    ],
    ['a column that is nowhere', { column: 'lord_id' }, /homes\.lord_id .*'lord_id'.*correct `column`/],
    ['a way over nowhere', { via: { table: 'castles', column: 'id' } }, /via table 'castles'.*`via\.table`/],
    ['a way over no column', { via: { table: 'rooms', column: 'lord' } }, /'lord'.*`via\.column`/],
    ['no words', { summary: ' ' }, /`summary`/],
    ['no reason', { erasure: { kind: 'keep', reason: '' } }, /without a `reason`/],
    ['nothing to set', { erasure: set({}) }, /sets no column/],
    ['a set column that is nowhere', { ...letters, erasure: set({ lord: 'x' }) }, /'lord'.*`set`/],
    ['null where null is refused', { ...letters, erasure: set({ signature: null }) }, /'signature' to null.*choose/],
    ['one value for a unique column', { ...letters, erasure: set({ id: 'x' }) }, /unique column 'id'/],
    ['a change of what refuses changes', { table: 'oaths', column: 'person_id' }, /@AppendOnly\): declare `keep`/],
  ])('is refused for %s', (_what, wrong, problem) => {
    expect(refusal({ ...HOME, ...wrong })).toMatch(problem);
  });

  it('is refused for one column twice, and names every problem at once', () => {
    const problems = refusal(HOME, HOME, { ...HOME, table: 'castles' });
    expect(problems).toMatch(/homes\.owner_id .*declared twice/);
    expect(problems).toMatch(/castles/);
  });
});
