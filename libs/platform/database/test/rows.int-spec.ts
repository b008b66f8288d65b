import {
  among,
  applyChanges,
  contains,
  type Database,
  type EntityStore,
  folded,
  fromWire,
  numberOf,
  referred,
  repositoryOf,
  subjectDataOf,
  textOf,
  toWire,
} from '@platform/database';
import { Clock, type PageQuery } from '@platform/kernel';
import { describeEachDatabase, storeOf } from '../../../../test/support/databases';
import { Book, LIBRARY, Reader, Shelf } from './library';

class HandClock extends Clock {
  private at = Date.parse('2026-11-28T08:00:00.000Z');
  override now(): Date {
    return new Date((this.at += 1_000));
  }
}

class ShelfRepository extends repositoryOf(Shelf) {
  readonly labelled = this.rows('label = :label');
  readonly any = this.rows('TRUE');
}

class BookRepository extends repositoryOf(Book, { defaults: { isLent: false, loans: 0, bytes: 0, barcode: '0' } }) {
  readonly own = this.rows('owner_id = :owner');
  readonly newest = this.own.orderedBy('created_at DESC');
  readonly byTitle = this.own.and(contains('title', 'search')).orderedBy(folded('title'));
  readonly byBarcode = this.own.orderedBy('barcode');
  readonly mixed = this.own.orderedBy('is_lent, pages DESC', folded('title', 'DESC'));
  readonly filtered = this.own
    .filteredBy({ is_lent: 'is_lent = :is_lent', search: contains(['title'], 'search') })
    .orderedBy('pages');
  readonly old = this.rows('created_at < :before');
  readonly titled = this.rows(among('title', 'titles'));
  readonly byIds = this.rows(among('id', 'ids', 'uuid'));
  readonly recent = this.rows('owner_id = :owner AND created_at < :now').orderedBy('created_at');
  readonly onShelves = this.rows('books.owner_id = :owner', {
    as: 'book',
    join: 'JOIN shelves s ON s.id = books.shelf_id',
    beside: {
      label: textOf('s.label'),
      readersOfShelf: numberOf('(SELECT COUNT(*) FROM readers r WHERE r.shelf_id = books.shelf_id)'),
    },
  });
  readonly shelved = this.onShelves.orderedBy('created_at DESC');
}

class ReaderRepository extends repositoryOf(Reader) {
  readonly of = this.rows('shelf_id = :shelf');
  readonly oldest = this.of.orderedBy('created_at');
}

const FIRST: PageQuery = { skip: 0, limit: 3 };
const ANN = '0198f1c2-6f3a-7000-8000-00000000000a';
const BOB = '0198f1c2-6f3a-7000-8000-00000000000b';
const NOBODY = '0198f1c2-6f3a-7000-8000-0000000000ff';

describeEachDatabase('persistence that is derived from an entity', (test) => {
  let database: Database;
  let store: EntityStore;
  let books: BookRepository;
  let shelves: ShelfRepository;
  let readers: ReaderRepository;

  beforeAll(async () => {
    database = await test.open([LIBRARY]);
    store = storeOf(database, new HandClock());
    [books, shelves, readers] = [new BookRepository(store), new ShelfRepository(store), new ReaderRepository(store)];
  });
  beforeEach(async () => {
    for (const table of ['readers', 'books', 'shelves']) await database.manager.query(`DELETE FROM ${table}`);
  });

  const add = (title: string, more: Partial<Book> = {}) => books.add({ title, ownerId: ANN, pages: 100, ...more });
  const titles = (page: { items: Book[] }) => page.items.map(({ title }) => title);

  /** All pages of a list, three rows each. */
  async function walk(page: (query: PageQuery) => Promise<{ items: Book[]; nextCursor: string | null }>) {
    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { items, nextCursor } = await page({ ...FIRST, cursor });
      seen.push(...items.map(({ title }) => title));
      if (nextCursor === null) return seen;
      cursor = nextCursor;
    }
  }

  it('reads back every kind of column as it was given', async () => {
    const given = {
      facts: { a: [1, 'x', null] },
      bytes: 2 ** 53 - 1,
      // Beyond what a number holds.
      barcode: '9007199254740993',
      isLent: true,
      dueAt: new Date('2026-12-01T00:00:00.123Z'),
    };
    const book = await add('Ulysses', given);
    const found = await books.own.mustFind({ id: book.id, owner: ANN });

    expect(found).toBeInstanceOf(Book);
    expect(found).toEqual(book);
    expect(found).toMatchObject({ ...given, version: 1, loans: 0, shelfId: null });
  });

  it('gives a new row an id that other columns may follow from', async () => {
    const book = await books.add((id) => ({ title: `Book ${id}`, ownerId: ANN, pages: 1 }));
    expect(book.title).toBe(`Book ${book.id}`);
    expect(await books.own.mustFind({ id: book.id, owner: ANN })).toEqual(book);
  });

  it.each(['a text', 7, false, [], {}])(
    'keeps the JSON value %j, also where a driver has a type of its own for it',
    async (facts) => {
      const { id } = await add('JSON', { facts });
      expect((await books.own.mustFind({ id, owner: ANN })).facts).toEqual(facts);
    },
  );

  it('finds nothing of others, and says so as for what is missing', async () => {
    const { id } = await add('Mine');
    expect(await books.own.find({ id, owner: BOB })).toBeNull();
    await expect(books.own.mustFind({ id, owner: BOB })).rejects.toMatchObject({
      status: 404,
      details: { resource: 'Book', id },
    });
    await expect(books.own.mustLock({ id, owner: BOB })).rejects.toMatchObject({ status: 404 });
  });

  it('saves on the version that was read, and no other', async () => {
    const book = await add('Draft');
    const stale = await books.own.mustFind({ id: book.id, owner: ANN });
    book.title = 'Final';
    await books.save(book);

    expect(book).toMatchObject({ version: 2 });
    expect(book.updatedAt.getTime()).toBeGreaterThan(book.createdAt.getTime());
    await expect(books.save(stale)).rejects.toMatchObject({ status: 412 });
    expect((await books.own.mustFind({ id: book.id, owner: ANN })).title).toBe('Final');
    await expect(database.transaction(() => books.own.mustLock({ id: book.id, owner: ANN }, 1))).rejects.toMatchObject({
      status: 412,
    });
  });

  it('leaves alone what others count', async () => {
    const book = await add('Counted');
    await database.manager.query(`UPDATE books SET loans = 5`);
    await books.save(book);
    expect((await books.own.mustFind({ id: book.id, owner: ANN })).loans).toBe(5);
  });

  it('names the columns of a unique index, and takes one of two that come at once', async () => {
    await add('Twice');
    await expect(add('Twice')).rejects.toMatchObject({
      status: 409,
      details: { resource: 'Book', fields: ['owner_id', 'title'] },
    });
    const both = await Promise.all([1, 2].map(() => books.addUnlessTaken({ title: 'Once', ownerId: ANN, pages: 1 })));
    expect(both.filter((book) => book !== null)).toHaveLength(1);
  });

  it('says that a reference leads nowhere, and that what is referred to is in use', async () => {
    await expect(add('Lost', { shelfId: NOBODY })).rejects.toMatchObject({ status: 422, code: 'VALIDATION_ERROR' });
    const shelf = await shelves.add({ label: 'A' });
    await add('Kept', { shelfId: shelf.id });
    await expect(shelves.remove(shelf)).rejects.toMatchObject({
      status: 409,
      message: 'Shelf is in use; remove what refers to it first',
    });
  });

  it('removes one, all of a condition, and in batches', async () => {
    const [a] = [await add('a'), await add('b'), await add('c')];
    await books.remove(a);
    expect(await books.own.count({ owner: ANN })).toBe(2);
    expect(await books.old.deleteInBatches({ before: new Date('2000-01-01') })).toBe(0);
    expect(await books.old.deleteInBatches({ before: new Date('2100-01-01') })).toBe(2);
    await add('d');
    expect(await books.recent.deleteInBatches({ owner: BOB, now: new Date('2100-01-01') })).toBe(0);
    expect(await books.recent.deleteInBatches({ owner: ANN, now: new Date('2100-01-01') })).toBe(1);
    await add('e');
    expect(await books.own.deleteAll({ owner: BOB })).toBe(0);
    expect(await books.own.deleteAll({ owner: ANN })).toBe(1);
  });

  it('pages by position and by cursor, with the count of all', async () => {
    for (const title of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await add(title);
    await add('not mine', { ownerId: BOB });
    const page = await books.newest.page({ owner: ANN }, { skip: 1, limit: 2 });

    expect(page).toMatchObject({ total: 7, skip: 1, limit: 2 });
    expect(titles(page)).toEqual(['f', 'e']);
    expect(await walk((query) => books.newest.page({ owner: ANN }, query))).toEqual([
      'g',
      'f',
      'e',
      'd',
      'c',
      'b',
      'a',
    ]);
    expect(await books.newest.page({ owner: NOBODY }, FIRST)).toMatchObject({ items: [], total: 0, nextCursor: null });
    expect(await books.newest.page({ owner: ANN }, { skip: 99, limit: 2 })).toMatchObject({ items: [], total: 7 });
  });

  it('walks an order whose directions differ, over truths, numbers and folded texts, each row once', async () => {
    const rows = ['É', 'e', 'f', 'é2', 'z', 'Z2', 'y'].map((title, index) => ({
      title,
      pages: index % 2,
      isLent: index % 3 === 0,
    }));
    for (const { title, ...more } of rows) await add(title, more);
    const whole = await books.mixed.page({ owner: ANN }, { skip: 0, limit: 100 });

    expect(await walk((query) => books.mixed.page({ owner: ANN }, query))).toEqual(titles(whole));
    expect(whole.items.map(({ isLent, pages }) => [isLent, pages])).toEqual(
      whole.items
        .map(({ isLent, pages }) => [isLent, pages])
        .toSorted(([a, x], [b, y]) => Number(a) - Number(b) || Number(y) - Number(x)),
    );
  });

  it('orders a bigint that is read as a text by what it is, and finds what a number would round', async () => {
    // 2^53 + 1 and its neighbours are one number to JavaScript.
    for (const barcode of ['9007199254740993', '-12', '9', '9007199254740992', '10', '-9223372036854775808']) {
      await add(barcode, { barcode });
    }
    const rows = await walk((query) => books.byBarcode.page({ owner: ANN }, query));
    expect(rows).toEqual(['-9223372036854775808', '-12', '9', '10', '9007199254740992', '9007199254740993']);
    const found = await books.byBarcode.page({ owner: ANN }, { skip: 5, limit: 1 });
    expect(found.items.map(({ barcode }) => barcode)).toEqual(['9007199254740993']);
  });

  it('searches a part of a text literally, in any case, and orders by it', async () => {
    for (const title of ['Crème', 'crème brûlée', '100%', 'Other']) await add(title);
    expect(titles(await books.byTitle.page({ owner: ANN, search: 'CRÈME' }, FIRST))).toEqual(['Crème', 'crème brûlée']);
    expect(titles(await books.byTitle.page({ owner: ANN, search: '%' }, FIRST))).toEqual(['100%']);
  });

  it('applies the filters that a query gives, and no others', async () => {
    await add('lent', { isLent: true, pages: 1 });
    await add('there', { pages: 2 });
    await add('lent too', { isLent: true, pages: 3 });
    const page = (query: object) => books.filtered.page({ owner: ANN }, { ...FIRST, ...query });

    expect(titles(await page({}))).toEqual(['lent', 'there', 'lent too']);
    expect(await page({ is_lent: true })).toMatchObject({ total: 2 });
    expect(titles(await page({ is_lent: true, search: 'TOO' }))).toEqual(['lent too']);
    expect(titles(await page({ is_lent: undefined, unknown: 1 }))).toHaveLength(3);
  });

  it('refuses the cursor of another person, of another search and of another order', async () => {
    for (const title of ['a1', 'a2', 'a3', 'a4']) await add(title);
    const { nextCursor } = await books.byTitle.page({ owner: ANN, search: 'a' }, FIRST);
    const cursor = nextCursor ?? '';

    expect(titles(await books.byTitle.page({ owner: ANN, search: 'a' }, { ...FIRST, cursor }))).toEqual(['a4']);
    const others = [
      () => books.byTitle.page({ owner: BOB, search: 'a' }, { ...FIRST, cursor }),
      () => books.byTitle.page({ owner: ANN, search: 'b' }, { ...FIRST, cursor }),
      () => books.newest.page({ owner: ANN }, { ...FIRST, cursor }),
      () => books.byTitle.page({ owner: ANN, search: 'a' }, { ...FIRST, cursor: `x${cursor}` }),
      () => books.byTitle.page({ owner: ANN, search: 'a' }, { ...FIRST, cursor: '' }),
      () => books.filtered.page({ owner: ANN }, { ...FIRST, cursor }),
    ];
    for (const other of others) await expect(other()).rejects.toMatchObject({ status: 422 });
  });

  it('keeps a cursor good while the time of the condition moves on', async () => {
    for (const title of ['a', 'b', 'c', 'd']) await add(title);
    const { nextCursor } = await books.recent.page({ owner: ANN, now: new Date('2100-01-01') }, FIRST);
    const next = { ...FIRST, cursor: nextCursor ?? '' };
    expect(titles(await books.recent.page({ owner: ANN, now: new Date('2100-01-02') }, next))).toEqual(['d']);
  });

  it('reads values beside the entity, from a join and from a sub-select, also over pages', async () => {
    const shelf = await shelves.add({ label: 'A' });
    for (const title of ['a', 'b', 'c', 'd']) await add(title, { shelfId: shelf.id });
    await add('on no shelf');
    await readers.addUnlessTaken({ shelfId: shelf.id, personId: BOB, role: 'guest' });
    const { items, nextCursor, total } = await books.shelved.page({ owner: ANN }, FIRST);

    expect(total).toBe(4);
    expect(items[0]).toMatchObject({ book: { title: 'd' }, label: 'A', readersOfShelf: 1 });
    const rest = await books.shelved.page({ owner: ANN }, { ...FIRST, cursor: nextCursor ?? '' });
    expect(rest.items.map(({ book }) => book.title)).toEqual(['a']);
    await database.transaction(async () => {
      const id = items[0]?.book.id ?? '';
      expect(await books.onShelves.mustLock({ id, owner: ANN })).toMatchObject({ label: 'A', book: { id } });
    });
  });

  it('works on a row whose key is two columns', async () => {
    const row = { shelfId: BOB, personId: ANN, role: 'guest' };
    const added = await readers.addUnlessTaken(row);
    expect(await readers.addUnlessTaken(row)).toBeNull();
    await readers.addUnlessTaken({ ...row, personId: NOBODY });
    const page = await readers.oldest.page({ shelf: BOB }, { skip: 0, limit: 1 });
    expect(page).toMatchObject({ total: 2, items: [added] });
    const rest = await readers.oldest.page({ shelf: BOB }, { skip: 0, limit: 1, cursor: page.nextCursor ?? '' });
    expect(rest.items).toMatchObject([{ personId: NOBODY }]);
    if (added) await readers.remove(added);
    expect(await readers.of.count({ shelf: BOB })).toBe(1);
  });

  it('finds by lists of texts and of ids', async () => {
    const [a, b] = [await add('a'), await add('b')];
    expect((await books.titled.all({ titles: ['a', 'x'] })).map(({ title }) => title)).toEqual(['a']);
    expect(await books.byIds.all({ ids: [a.id, b.id, NOBODY] })).toHaveLength(2);
    expect(await books.byIds.all({ ids: [] })).toEqual([]);
  });

  it('takes all of an order, and the first', async () => {
    for (const title of ['a', 'b', 'c']) await add(title);
    expect((await books.newest.take({ owner: ANN }, 2)).map(({ title }) => title)).toEqual(['c', 'b']);
    expect((await books.newest.all({ owner: ANN })).map(({ title }) => title)).toEqual(['c', 'b', 'a']);
  });

  it('holds what it locks until the transaction ends', async () => {
    const { id } = await add('held');
    const order: string[] = [];
    const held = Promise.withResolvers<void>();
    const slow = database.transaction(async () => {
      await books.own.mustLock({ id, owner: ANN });
      held.resolve();
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push('first');
    });
    await held.promise;
    await database.transaction(async () => {
      await books.own.mustLock({ id, owner: ANN });
      order.push('second');
    });
    await slow;
    expect(order).toEqual(['first', 'second']);
  });

  it('takes over changes of what may be changed, and tells their names on the wire', () => {
    const book: Book = Object.assign(new Book(), { title: 'a', facts: { x: 1 }, dueAt: new Date(0), pages: 1 });
    expect(applyChanges(book, { title: 'b', facts: { x: 1 }, dueAt: new Date(0), pages: 9 })).toEqual(['title']);
    expect(applyChanges(book, { dueAt: null, facts: undefined })).toEqual(['due_at']);
    expect(book).toMatchObject({ title: 'b', facts: { x: 1 }, dueAt: null, pages: 1 });
  });

  it('reads a body by the names of the wire, and nothing that may not be changed', () => {
    const body = { title: 'b', due_at: '2026-12-01T01:00:00+01:00', pages: 9 };
    const input = fromWire(Book, body);
    expect(input).toEqual({ title: 'b', dueAt: new Date('2026-12-01T00:00:00Z') });
    expect(fromWire(Book, { due_at: null, title: undefined })).toEqual({ dueAt: null });
    expect(toWire(input)).toEqual({ title: 'b', due_at: '2026-12-01T00:00:00.000Z' });
    // @ts-expect-error: a time comes as text
    fromWire(Book, { due_at: 7 });
  });

  it('names the column that refers to what the actor does not see', async () => {
    const lookup = books.own.mustFind({ id: NOBODY, owner: ANN });
    await expect(referred('Loan', 'book_id', lookup)).rejects.toMatchObject({
      status: 422,
      details: { field: 'book_id' },
    });
    const book = await add('Seen');
    expect(await referred('Loan', 'book_id', books.own.mustFind({ id: book.id, owner: ANN }))).toEqual(book);
  });

  it('knows whose the rows are from the column that says so', () => {
    expect(subjectDataOf(LIBRARY)).toEqual([
      { table: 'books', column: 'owner_id', holds: 'owner', summary: 'Books', erasure: { kind: 'delete' } },
    ]);
  });

  describe('refuses to be made', () => {
    it.each([
      [
        "books has no column 'ovner_id': correct the condition 'ovner_id = :owner'",
        class extends repositoryOf(Book) {
          readonly own = this.rows('ovner_id = :owner');
        },
      ],
      [
        "books has no column 'made_at' to be ordered by",
        class extends repositoryOf(Book) {
          readonly own = this.rows('owner_id = :owner').orderedBy('made_at DESC');
        },
      ],
      [
        'books.due_at may be null, and a null has no place in an order',
        class extends repositoryOf(Book) {
          readonly own = this.rows('owner_id = :owner').orderedBy('due_at');
        },
      ],
      [
        "books has no column 'titel'",
        class extends repositoryOf(Book) {
          readonly own = this.rows('owner_id = :owner').filteredBy({ search: contains('titel', 'search') });
        },
      ],
      [
        'write a column, then nothing, ASC or DESC',
        class extends repositoryOf(Book) {
          readonly own = this.rows('owner_id = :owner').orderedBy('title down');
        },
      ],
      [
        "takes ':limit', which pages use",
        class extends repositoryOf(Book) {
          readonly own = this.rows('pages < :limit');
        },
      ],
    ])('%s', (message, Repository) => {
      expect(() => new Repository(store)).toThrow(message);
    });
  });
});
