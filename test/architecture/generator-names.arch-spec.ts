import { type Database } from '@platform/database';
import { nameOf } from '../../tools/generator/src/names.ts';
import { mustBeFree, type Role, SQL_KEYWORDS } from '../../tools/generator/src/reserved.ts';
import { describeEachDatabase } from '../support/databases';

/** sqlite.org/lang_keywords.html, and the names of the row number: SQLite lists them nowhere that SQL could ask. */
const OF_SQLITE =
  'abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade case ' +
  'cast check collate column commit conflict constraint create cross current current_date current_time ' +
  'current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end escape ' +
  'except exclude exclusive exists explain fail filter first following for foreign from full generated glob group ' +
  'groups having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join key ' +
  'last left like limit match materialized natural no not nothing notnull null nulls of offset on or order others outer ' +
  'over partition plan pragma preceding primary query raise range recursive references regexp reindex release rename ' +
  'replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to ' +
  'transaction trigger unbounded union unique update using vacuum values view virtual when where window with without';

/** Whether the generator takes the word for that. */
function isTaken(word: string, role: Role): boolean {
  try {
    mustBeFree(nameOf(word, 'The word'), role);
    return true;
  } catch {
    return false;
  }
}

/** How generated code uses a table. */
function usesOf(word: string): string[] {
  return [
    `CREATE TABLE "${word}" (id text)`,
    `INSERT INTO ${word} (id) VALUES ('1')`,
    `UPDATE ${word} SET id = '2' WHERE id = '1'`,
    `SELECT page.* FROM (SELECT COUNT(*) AS total FROM ${word}) counted LEFT JOIN (SELECT id FROM ${word}) page ON TRUE`,
    `SELECT 1 FROM ${word} WHERE NOT EXISTS (SELECT 1 FROM ${word} WHERE ${word}.id = ${word}.id)`,
    `DELETE FROM ${word} WHERE id = '2'`,
    `DROP TABLE "${word}"`,
  ];
}

describeEachDatabase('what the generator takes for a name', (test) => {
  let database: Database;
  let keywords: string[];

  beforeAll(async () => {
    database = await test.open([]);
    const own =
      test.dialect === 'sqlite'
        ? []
        : await database.manager.query<{ word: string }[]>('SELECT word FROM pg_get_keywords()');
    keywords = [...new Set([...OF_SQLITE.split(' '), ...own.map(({ word }) => word), ...SQL_KEYWORDS])];
  });

  it('is taken by the database, unquoted, as a column that holds what is put into it', async () => {
    const words = keywords.filter((word) => isTaken(word, 'field'));
    const list = words.join(', ');
    await database.manager.query(`CREATE TABLE tried (${words.map((word) => `"${word}" varchar(255)`).join(', ')})`);
    await database.manager.query(`INSERT INTO tried (${list}) VALUES (${words.map(() => "'a'").join(', ')})`);
    await database.manager.query(`UPDATE tried SET ${words.map((word) => `${word} = 'b'`).join(', ')}`);
    const where = words.map((word) => `${word} = 'b'`).join(' AND ');
    const [row] = await database.manager.query<object[]>(`SELECT ${list} FROM tried WHERE ${where} ORDER BY ${list}`);
    expect(row).toEqual(Object.fromEntries(words.map((word) => [word, 'b'])));
    expect(words.length).toBeGreaterThan(60);
  });

  it('is taken by the database, unquoted, as a table', async () => {
    const words = keywords.filter((word) => isTaken(word, 'plural'));
    await database.transaction(async () => {
      for (const word of words)
        for (const sql of usesOf(word))
          await database.manager.query(sql).catch((error: unknown) => {
            throw new Error(`${word} is taken by the generator, and not by the database: ${sql}`, { cause: error });
          });
    });
    expect(words.length).toBeGreaterThan(60);
  });

  it('leaves out no keyword without need: each is refused by one database or the other', async () => {
    if (test.dialect === 'sqlite') return;
    const known = await database.manager.query<{ word: string }[]>(
      "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')",
    );
    const postgres = new Set(known.map(({ word }) => word));
    const needless = [...SQL_KEYWORDS].filter((word) => !postgres.has(word) && !OF_SQLITE.split(' ').includes(word));
    // Reserved since PostgreSQL 16; the server at hand may be older.
    expect(needless.filter((word) => word !== 'system_user')).toEqual([]);
  });
});
