import { sha256Hex } from '@platform/crypto';
import { NotFound, type Page, type PageQuery, PreconditionFailed } from '@platform/kernel';
import { type Dialect, type Parameters, type Statement } from '../statement';
import { type Reader } from './beside';
import { type Condition, conditionOf } from './conditions';
import { mustHaveColumns } from './known-columns';
import { type EntityTable } from './entity-table';
import { derivedStatement, type EntityStore } from './entity-store';
import { type Order, Ordering } from './ordering';
import { type NamesIn, type Value, type Values } from './parameters';

/** What the rows of one repository have in common. */
export interface Source<E extends object> {
  readonly store: EntityStore;
  readonly table: EntityTable<E>;
  /** What an error calls one row: `Project`. */
  readonly resource: string;
  /** Hears of all rows that are made of it; for `omni db statements`. */
  readonly made: (rows: { statements(): Statement[] }) => void;
}

/** Which rows: a condition, what it joins, and what is read beside the entity. */
export interface Selection {
  readonly conditions: readonly Condition[];
  /** Conditions that hold only when the query of a page has a value of their name. */
  readonly filters: Readonly<Record<string, Condition>>;
  /** Such as `JOIN organization_memberships m ON m.organization_id = organizations.id`. */
  readonly join?: string;
  /** Where the entity stands in a result that has values beside it. */
  readonly as?: string;
  readonly beside?: Readonly<Record<string, Reader<unknown>>>;
}

type Write = (dialect: Dialect) => string;

const BATCH = 500;
const BESIDE = 'beside_';
const TOTAL = 'total_of_list';

/** A value for each parameter, and the id where the table has one. */
type WithId<E, Names extends string> = E extends { id: string } ? Values<Names | 'id'> : never;

/** The rows of an entity for which a condition holds; each method is one prepared statement. */
export class Rows<E extends object, R, Names extends string = never, Filters extends string = never> {
  private readonly prepared = new Map<string, Statement>();

  constructor(
    protected readonly source: Source<E>,
    protected readonly selection: Selection,
  ) {
    for (const condition of this.everyCondition()) mustHaveColumns(source.table, condition, selection.join);
    source.made(this);
  }

  /** Those of them for which another condition holds too. */
  and<Text extends string>(condition: Text): Rows<E, R, Names | NamesIn<Text>, Filters>;
  and<More extends string>(condition: Condition<More>): Rows<E, R, Names | More, Filters>;
  and(condition: string | Condition): Rows<E, R, string, Filters> {
    const conditions = [...this.selection.conditions, conditionOf(condition)];
    return new Rows(this.source, { ...this.selection, conditions });
  }

  /** Conditions that a page applies when its query has a value of their name: `{ role: 'role = :role' }`. */
  filteredBy<More extends string>(filters: Record<More, string | Condition>): Rows<E, R, Names, Filters | More> {
    const made = Object.entries<string | Condition>(filters).map(([name, filter]) => [name, conditionOf(filter)]);
    return new Rows(this.source, {
      ...this.selection,
      filters: { ...this.selection.filters, ...Object.fromEntries(made) },
    });
  }

  /** In an order, whose last word is always the key. @throws Error naming a column that cannot order */
  orderedBy(...orders: readonly [Order, ...Order[]]): OrderedRows<E, R, Names, Filters> {
    return new OrderedRows(this.source, this.selection, new Ordering(this.source.table, orders));
  }

  /** The row of an id, or null. */
  find(values: WithId<E, Names>): Promise<R | null> {
    return this.first(this.lookup(true, ''), values);
  }

  /** The row of an id. @throws NotFound */
  async mustFind(values: WithId<E, Names>): Promise<R> {
    return (await this.find(values)) ?? this.missing(values);
  }

  /** As {@link find}, held against other changes until the transaction ends. */
  lock(values: WithId<E, Names>): Promise<R | null> {
    return this.first(this.lookup(true, 'UPDATE'), values);
  }

  /**
   * As {@link mustFind}, held against other changes until the transaction ends.
   * @param version the only one that will do
   * @throws NotFound, and PreconditionFailed when it has another version
   */
  async mustLock(values: WithId<E, Names>, version?: number): Promise<R> {
    const found = (await this.lock(values)) ?? this.missing(values);
    const entity = this.entityOf(found) as { version?: number };
    // An entity without a version has no entity tag that somebody could send.
    if (version !== undefined && entity.version !== version) {
      throw new PreconditionFailed(this.source.resource, String((values as Values<'id'>).id));
    }
    return found;
  }

  /** As {@link find}, held against deletion and against {@link lock} until the transaction ends; many may hold at once. */
  hold(values: WithId<E, Names>): Promise<R | null> {
    return this.first(this.lookup(true, 'KEY SHARE'), values);
  }

  /** The one row for which the condition holds, or null. */
  one(values: Values<Names>): Promise<R | null> {
    return this.first(this.lookup(false, ''), values);
  }

  /** All of them, in no order: for a condition that bounds them. */
  async all(values: Values<Names>): Promise<R[]> {
    return this.read(await this.query(this.lookup(false, ''), values));
  }

  /** How many there are. */
  async count(values: Values<Names>): Promise<number> {
    const statement = this.statement('count', (dialect) => `SELECT COUNT(*) AS total ${this.from(dialect)}`);
    const [row] = await this.query(statement, values);
    return Number(row?.total ?? 0);
  }

  /** Delete all of them; returns how many. */
  deleteAll(values: Values<Names>): Promise<number> {
    const statement = this.statement('delete', (dialect) => `DELETE ${this.from(dialect)}`);
    return this.source.store.database.execute(statement, this.bound(values));
  }

  /** As {@link deleteAll}, 500 at a time, each batch a transaction of its own where none is open. */
  async deleteInBatches(values: Values<Names>): Promise<number> {
    const { key, name } = this.source.table;
    const columns = key.map((column) => column.name).join(', ');
    const statement = this.statement(
      'delete_batch',
      (dialect) =>
        `DELETE FROM ${name} WHERE (${columns}) IN
          (SELECT ${columns} ${this.from(dialect)} ORDER BY ${this.deletionOrder(dialect)} LIMIT ${BATCH})`,
    );
    for (let deleted = 0; ;) {
      const batch = await this.source.store.database.execute(statement, this.bound(values));
      deleted += batch;
      if (batch < BATCH) return deleted;
    }
  }

  /** The statements that were asked for so far. */
  statements(): Statement[] {
    return [...this.prepared.values()];
  }

  protected entityOf(result: R): E {
    const { as } = this.selection;
    // `repositoryOf` gives R the shape that this class was told to read.
    return (as === undefined ? result : (result as Record<string, unknown>)[as]) as E;
  }

  protected read(rows: readonly Record<string, unknown>[]): R[] {
    const { as, beside } = this.selection;
    const { table } = this.source;
    if (as === undefined) return rows.map(table.read) as unknown as R[];
    const readers = Object.entries(beside ?? {});
    return rows.map((row) => {
      const result: Record<string, unknown> = { [as]: table.read(row) };
      for (const [name, reader] of readers) result[name] = reader.read(row[BESIDE + name]);
      return result as R;
    });
  }

  protected query(statement: Statement, values: Parameters): Promise<Record<string, unknown>[]> {
    return this.source.store.database.query(statement, this.bound(values));
  }

  protected bound(values: Parameters): Parameters {
    const bound = { ...values };
    for (const { bind } of this.everyCondition()) {
      for (const [name, change] of Object.entries(bind)) {
        // Each function is bound to the parameter whose value it takes.
        if (name in bound) bound[name] = (change as (value: unknown) => unknown)(bound[name]);
      }
    }
    return bound;
  }

  protected statement(verb: string, write: Write): Statement {
    let found = this.prepared.get(verb);
    if (!found) {
      const sql = { postgres: write('postgres'), sqlite: write('sqlite') };
      found = derivedStatement(this.source.table.name, verb.replace(/\W.*/, ''), sql);
      this.prepared.set(verb, found);
    }
    return found;
  }

  protected columns(): string {
    const { beside, join } = this.selection;
    // Quoted: PostgreSQL folds what is not into lower case.
    const extra = Object.entries(beside ?? {}).map(([name, { sql }]) => `, ${sql} AS "${BESIDE}${name}"`);
    return this.source.table.selected(join !== undefined) + extra.join('');
  }

  protected from(dialect: Dialect, more: readonly string[] = []): string {
    const { conditions, join } = this.selection;
    const all = [...conditions.map(({ sql }) => `(${sql(dialect)})`), ...more];
    const where = all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
    return `FROM ${this.source.table.name}${join === undefined ? '' : ` ${join}`}${where}`;
  }

  /** In which batches are deleted: two that do so at once lock in one order. */
  protected deletionOrder(_dialect: Dialect): string {
    return this.source.table.key.map(({ name }) => name).join(', ');
  }

  private everyCondition(): Condition[] {
    return [...this.selection.conditions, ...Object.values(this.selection.filters)];
  }

  private lookup(byId: boolean, strength: '' | 'UPDATE' | 'KEY SHARE'): Statement {
    const { name } = this.source.table;
    const more = byId ? [`${name}.id = :id`] : [];
    const verb = `${strength === '' ? 'find' : strength === 'UPDATE' ? 'lock' : 'hold'}${byId ? '' : '_one'}`;
    return this.statement(verb, (dialect) => {
      // SQLite lets one writer in at a time; a row needs no lock there.
      const lock = strength === '' || dialect === 'sqlite' ? '' : ` FOR ${strength} OF ${name}`;
      return `SELECT ${this.columns()} ${this.from(dialect, more)}${lock}`;
    });
  }

  private async first(statement: Statement, values: Parameters): Promise<R | null> {
    const [row] = await this.query(statement, values);
    return row ? (this.read([row])[0] ?? null) : null;
  }

  private missing(values: Parameters): never {
    throw new NotFound(this.source.resource, String(values.id));
  }
}

/** {@link Rows} in an order: lists and pages. */
export class OrderedRows<
  E extends object,
  R,
  Names extends string = never,
  Filters extends string = never,
> extends Rows<E, R, Names, Filters> {
  private readonly digest: string;

  constructor(
    source: Source<E>,
    selection: Selection,
    private readonly ordering: Ordering<E>,
  ) {
    super(source, selection);
    this.digest = sha256Hex(`${this.from('postgres')} ${ordering.sql('postgres')}`).slice(0, 16);
  }

  /** All of them, in the order: for a condition that bounds them. */
  override async all(values: Values<Names>): Promise<R[]> {
    const statement = this.statement('list', (dialect) => {
      const order = this.ordering.sql(dialect, this.isJoined);
      return `SELECT ${this.columns()} ${this.from(dialect)} ORDER BY ${order}`;
    });
    return this.read(await this.query(statement, values));
  }

  /** At most so many, the first in the order. */
  async take(values: Values<Names>, limit: number): Promise<R[]> {
    const statement = this.statement('take', (dialect) => {
      const order = this.ordering.sql(dialect, this.isJoined);
      return `SELECT ${this.columns()} ${this.from(dialect)} ORDER BY ${order} LIMIT :limit`;
    });
    return this.read(await this.query(statement, { ...values, limit }));
  }

  /**
   * A page and the count of all in one round trip, at `skip` or after the cursor of the page before.
   * @param query a value of a filter's name applies that filter
   * @throws ValidationFailed for a cursor of another list, of other values or of nobody
   */
  async page(
    values: Values<Names>,
    query: PageQuery & { readonly [Name in Filters]?: Value | undefined },
  ): Promise<Page<R>> {
    const { cursor, limit, skip } = query;
    const { cursors } = this.source.store;
    const filters = this.filtersOf(query);
    const bound = { ...values, ...filters };
    const list = this.listOf(values, filters);
    const after = cursors.read(list, cursor);
    const rows = await this.query(this.pageStatement(Object.keys(filters), after !== undefined), {
      ...bound,
      ...(after && Ordering.parametersOf(after)),
      // One more than asked for tells whether others follow.
      limit: limit + 1,
      skip,
    });
    const key = this.source.table.key[0]?.name ?? 'id';
    const found = this.read(rows.filter((row) => row[key] !== null));
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const nextCursor = last === undefined ? null : cursors.after(list, this.ordering.positionOf(this.entityOf(last)));
    return { items, total: Number(rows[0]?.[TOTAL] ?? 0), skip, limit, nextCursor };
  }

  override statements(): Statement[] {
    const all = Object.keys(this.selection.filters);
    const shown = [this.pageStatement([], false), this.pageStatement([], true)];
    return all.length === 0 ? shown : [...shown, this.pageStatement(all, true)];
  }

  /** By an index of the order, where the key alone would have all rows read for a few. */
  protected override deletionOrder(dialect: Dialect): string {
    return this.ordering.sql(dialect);
  }

  private get isJoined(): boolean {
    return this.selection.join !== undefined;
  }

  private filtersOf(query: { readonly [Name in Filters]?: Value | undefined }): Parameters {
    const given = Object.entries<Value | undefined>(query).filter(
      ([name, value]) => value !== undefined && Object.hasOwn(this.selection.filters, name),
    );
    return Object.fromEntries(given.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** What a cursor is bound to. A time of the condition moves from call to call, so it is left out. */
  private listOf(values: Parameters, filters: Parameters): string {
    const kept = Object.entries(values).filter(([, value]) => !(value instanceof Date));
    const bound = [...kept.toSorted(([a], [b]) => (a < b ? -1 : 1)), ...Object.entries(filters)];
    return `${this.source.table.name}:${this.digest}:${JSON.stringify(bound)}`;
  }

  private pageStatement(filters: readonly string[], isAfter: boolean): Statement {
    return this.statement(`page${isAfter ? '_after' : ''} ${filters.join()}`, (dialect) => {
      const more = filters.map((name) => `(${this.selection.filters[name]?.sql(dialect)})`);
      const after = isAfter ? [this.ordering.after(dialect, this.isJoined)] : [];
      const page = `SELECT ${this.columns()} ${this.from(dialect, [...more, ...after])}
        ORDER BY ${this.ordering.sql(dialect, this.isJoined)} LIMIT :limit${isAfter ? '' : ' OFFSET :skip'}`;
      return `SELECT counted.${TOTAL}, page.*
        FROM (SELECT COUNT(*) AS ${TOTAL} ${this.from(dialect, more)}) counted
        LEFT JOIN (${page}) page ON TRUE
        ORDER BY ${this.ordering.sql(dialect)}`;
    });
  }
}
