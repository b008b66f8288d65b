import { forSqlite, statement } from './statement';

describe('a statement', () => {
  it('numbers each named parameter once for PostgreSQL and leaves casts alone', () => {
    const find = statement('t.find', 'SELECT :a::text FROM things WHERE x = :b AND y = :a AND z = :b');
    expect(find.postgres({ a: 1, b: 'two' })).toEqual({
      name: 't.find',
      text: 'SELECT $1::text FROM things WHERE x = $2 AND y = $1 AND z = $2',
      values: [1, 'two'],
    });
  });

  it('binds objects and lists as JSON, and an absent value as null', () => {
    const write = statement('t.write', 'UPDATE things SET a = :a, b = :b, c = :c');
    expect(write.postgres({ a: [1], b: { c: 2 } }).values).toEqual(['[1]', '{"c":2}', null]);
    expect([[1], { c: 2 }, undefined, true, new Date(0)].map(forSqlite)).toEqual([
      '[1]',
      '{"c":2}',
      null,
      1,
      '1970-01-01T00:00:00.000Z',
    ]);
  });

  it('knows its operation and table for the metrics', () => {
    const upsert = statement('t.upsert', 'INSERT INTO things (id) VALUES (:id) ON CONFLICT DO NOTHING');
    expect([upsert.operation, upsert.table]).toEqual(['INSERT', 'things']);
    const counted = statement('t.counted', 'WITH x AS (SELECT 1) SELECT * FROM "other_things" t');
    expect([counted.operation, counted.table]).toEqual(['SELECT', 'other_things']);
  });
});
