import { type Database, foldedSql, foldText, likePattern, statement, withFolding } from '@platform/database';
import { DataSource } from 'typeorm';
import { describeEachDatabase } from '../../../../test/support/databases';
import { mustFoldText } from '../src/text-folding';
import { THINGS } from './things';

const insert = statement('test.insert-text', 'INSERT INTO things (id, name, created_at) VALUES (:id, :name, :at)');
const found = statement(
  'test.found',
  withFolding((fold) => `SELECT name FROM things WHERE ${fold('name')} LIKE ${fold(':pattern')} ESCAPE '\\'`),
);
const sorted = statement(
  'test.sorted',
  withFolding((fold) => `SELECT ${fold('name')} AS folded FROM things ORDER BY ${fold('name')}`),
);

/** A name as it is stored, and searches that find it. */
const FINDS: readonly (readonly [string, readonly string[]])[] = [
  ['Crème brûlée', ['CRÈME', 'crème', 'BRÛLÉE', 'è']],
  ['Crème brûlée'.normalize('NFD'), ['CRÈME', 'crème', 'BRÛLÉE']],
  ['Москва', ['москва', 'МОСКВА', 'оскв']],
  ['ΟΔΥΣΣΕΥΣ', ['οδυσσευς', 'οδυσς', 'σσε']],
  ['Straße', ['STRASSE', 'straße', 'rass']],
  ['Ϊ́'.normalize('NFD'), ['\u0390', 'Ϊ́']],
  ['plain ASCII_100%', ['PLAIN', 'ascii_1', '100%']],
  ['İstanbul', ['İSTANBUL', 'i̇stanbul'.toUpperCase(), 'stanbul']],
  ['Ǆemal', ['ǆemal', 'ǅEMAL']],
  ['名前 👩‍👩‍👧', ['名前', '👩‍👩‍👧']],
];

/** What a search does not find: accents count, and % and _ are letters. */
const MISSES: readonly (readonly [string, string])[] = [
  ['Crème', 'creme'],
  ['100 percent', '100%'],
  ['a-b', 'a_b'],
  ['Москва', 'Mockba'],
];

// On PostgreSQL in the locale C, which knows no letter beyond ASCII; the server's default is what the large tests have.
describeEachDatabase('text that is searched', (test) => {
  let database: Database;
  let serial = 0;

  beforeAll(async () => {
    database = await test.open([THINGS]);
  });
  beforeEach(() => database.manager.query('DELETE FROM things'));

  const store = (name: string) => {
    const id = `00000000-0000-7000-8000-${String((serial += 1)).padStart(12, '0')}`;
    return database.execute(insert, { id, name, at: new Date() });
  };
  const search = async (part: string) =>
    (await database.query<{ name: string }>(found, { pattern: likePattern(part) })).map(({ name }) => name);

  it.each(FINDS)('%j is found however it is typed', async (name, searches) => {
    await store(name);
    for (const part of searches) {
      for (const form of ['NFC', 'NFD'] as const)
        expect([part, await search(part.normalize(form))]).toEqual([part, [name]]);
    }
  });

  it.each(MISSES)('%j is not found by %j', async (name, part) => {
    await store(name);
    expect(await search(part)).toEqual([]);
  });

  it('folds as the application does, in the order of code points', async () => {
    for (const [name] of FINDS) await store(name);
    const rows = await database.query<{ folded: string }>(sorted);
    const bytes = (text: string) => Buffer.from(text).toString('hex');
    const expected = FINDS.map(([name]) => foldText(name)).sort((a, b) => (bytes(a) < bytes(b) ? -1 : 1));
    expect(rows.map(({ folded }) => folded)).toEqual(expected);
  });

  it('can be indexed as it is folded', async () => {
    const name = foldedSql('name', test.dialect);
    await database.manager.query(`CREATE INDEX folded_names ON things ((${name}))`);
    const plan = await database.manager.query<object[]>(
      test.dialect === 'sqlite'
        ? `EXPLAIN QUERY PLAN SELECT id FROM things ORDER BY ${name} LIMIT 5`
        : `EXPLAIN SELECT id FROM things ORDER BY ${name} LIMIT 5`,
    );
    expect(JSON.stringify(plan)).toContain('folded_names');
    await database.manager.query('DROP INDEX folded_names');
  });
});

describe('a PostgreSQL database', () => {
  const answering = (row: object) => {
    const dataSource = new DataSource({ type: 'postgres' });
    jest.spyOn(dataSource, 'query').mockResolvedValue([row]);
    return dataSource;
  };

  it.each([
    [
      { name: 'app', encoding: 'SQL_ASCII', unicode: true },
      /"app" \(DATABASE_URL\) keeps text as SQL_ASCII.*ENCODING 'UTF8'/,
    ],
    [{ name: 'app', encoding: 'UTF8', unicode: false }, /built without ICU.*und-x-icu/],
  ])('that cannot fold text is refused with what to do: %j', async (row, fix) => {
    await expect(mustFoldText(answering(row))).rejects.toThrow(fix);
  });

  it('in UTF-8 on a server with ICU is good in any locale', async () => {
    await expect(mustFoldText(answering({ name: 'app', encoding: 'UTF8', unicode: true }))).resolves.toBeUndefined();
  });
});
