import { Inject, Injectable } from '@nestjs/common';
import { type Constructor, PreconditionFailed } from '@platform/kernel';
import { type Database } from '../database';
import { type Dialect, type Statement } from '../statement';
import { type Read, type Reader } from './beside';
import { type Condition, conditionOf } from './conditions';
import { EntityTable } from './entity-table';
import { derivedStatement, EntityStore } from './entity-store';
import { type NamesIn } from './parameters';
import { Rows, type Source } from './rows';
import { deletionViolationOf, violationOf } from './violations';

/** What `add` gives each new row by itself. */
type Given = 'id' | 'version' | 'createdAt' | 'updatedAt';

type Methods<E> = { [K in keyof E]: E[K] extends (...given: never[]) => unknown ? K : never }[keyof E];
/** Properties without a setter: what an entity computes. */
type Computed<E> = { [K in keyof E]: IsSame<Pick<E, K>, { -readonly [P in K]: E[P] }, never, K> }[keyof E];
// Two types are the same, `readonly` included, when two functions that ask for them are.
type IsSame<A, B, Yes, No> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? Yes : No;
type NoColumn<E> = Given | Methods<E> | Computed<E>;
type Nullable<E> = { [K in keyof E]: null extends E[K] ? K : never }[keyof E];

/** The values of a new row: nullable columns and those with a default may be left out. */
export type NewRow<E, Defaults extends keyof E = never> = Omit<E, NoColumn<E> | Nullable<E> | Defaults> &
  Partial<Pick<E, Exclude<Nullable<E> | Defaults, NoColumn<E>>>>;

type NewValues<E, Defaults extends keyof E> = NewRow<E, Defaults> | ((id: string) => NewRow<E, Defaults>);

/** What a repository may know besides its entity. */
export interface RepositoryOptions<E, Defaults extends keyof E> {
  /** What an error calls one row; otherwise the name of the class. */
  readonly resource?: string;
  /** Values of a new row that does not give them. */
  readonly defaults?: Readonly<Pick<E, Defaults>>;
}

/** Persistence that is compiled from the metadata of an entity: decision 0060. */
export abstract class EntityRepository<E extends object, Defaults extends keyof E = never> {
  protected readonly database: Database;
  protected readonly table: EntityTable<E>;
  private readonly source: Source<E>;
  private readonly parts: { statements(): Statement[] }[] = [];
  private readonly inserting: Statement;
  private readonly insertingUnlessTaken: Statement;
  private readonly updating: Statement | undefined;
  private readonly removing: Statement;

  /** @throws Error naming a column that a condition or an order has and the entity lacks: the boot refuses */
  constructor(
    protected readonly store: EntityStore,
    entity: Constructor<E>,
    private readonly options: RepositoryOptions<E, Defaults>,
  ) {
    store.register(this);
    this.database = store.database;
    this.table = new EntityTable(store.database.dataSource.getMetadata(entity), store.database.dialect);
    this.source = {
      store,
      table: this.table,
      resource: options.resource ?? entity.name,
      made: (rows) => this.parts.push(rows),
    };
    const { columns, hasVersion, key, name } = this.table;
    const values = columns.map((column) => `:${column.name}`).join(', ');
    const insert = `INSERT INTO ${name} (${columns.map((column) => column.name).join(', ')}) VALUES (${values})`;
    this.inserting = derivedStatement(name, 'insert', insert);
    this.insertingUnlessTaken = derivedStatement(name, 'insert_unless_taken', `${insert} ON CONFLICT DO NOTHING`);
    const one = key.map((column) => `${column.name} = :${column.name}`).join(' AND ');
    this.removing = derivedStatement(name, 'remove', `DELETE FROM ${name} WHERE ${one}`);
    const set = columns.filter(({ updated }) => updated).map((column) => `${column.name} = :${column.name}`);
    this.updating = hasVersion
      ? derivedStatement(
          name,
          'update',
          `UPDATE ${name} SET ${[...set, 'version = version + 1'].join(', ')} WHERE ${one} AND version = :version`,
        )
      : undefined;
  }

  /**
   * Store a new row; its id, version and times are made here.
   * @param values those of the other columns; a function where some of them follow from the id
   * @throws AlreadyExists naming the columns of a unique index; ReferenceNotFound naming those of a foreign key
   */
  async add(values: NewValues<E, Defaults>): Promise<E> {
    const entity = this.filled(values);
    await this.write(this.inserting, entity);
    return entity;
  }

  /** As {@link add}; null when a unique index has it already, also when two come at once. */
  async addUnlessTaken(values: NewValues<E, Defaults>): Promise<E | null> {
    const entity = this.filled(values);
    return (await this.write(this.insertingUnlessTaken, entity)) === 0 ? null : entity;
  }

  /**
   * Store the changes of a row: every column but the key, `created_at` and those with `update: false`.
   * @throws PreconditionFailed when somebody else stored one since it was read; else as {@link add}
   */
  async save(entity: E & { version: number }): Promise<void> {
    // Only an entity with a version is taken, and a table has one exactly when its entity has.
    if (!this.updating) throw new Error(`${this.table.name} has no version: write its changes as a statement`);
    if ('updatedAt' in entity) entity.updatedAt = this.store.clock.now();
    if ((await this.write(this.updating, entity)) === 0) {
      throw new PreconditionFailed(
        this.source.resource,
        String(this.table.key.map(({ name }) => this.table.write(entity)[name])),
      );
    }
    entity.version += 1;
  }

  /** Remove a row for good; nothing when it is gone. @throws InUse when others refer to it */
  async remove(entity: E): Promise<void> {
    try {
      await this.database.execute(this.removing, this.table.write(entity));
    } catch (error) {
      throw deletionViolationOf(error, this.source.resource);
    }
  }

  /** What `omni db statements` shows of this repository. */
  statements(): Statement[] {
    const own = [this.inserting, this.removing, ...(this.updating ? [this.updating] : [])];
    return [...own, ...this.parts.flatMap((rows) => rows.statements())];
  }

  /** The rows for which an SQL condition with `:parameters` holds. @throws Error naming an unknown column */
  protected rows<Text extends string>(condition: Text): Rows<E, E, NamesIn<Text>>;
  protected rows<Names extends string>(condition: Condition<Names>): Rows<E, E, Names>;
  /**
   * The same with a join, and values beside the entity, which then stands under the name `as`:
   * `this.rows('m.user_id = :person', { as: 'organization', join: 'JOIN …', beside: { role: textOf<Role>('m.role') } })`.
   * Columns that other tables have too are written with the name of the table.
   */
  protected rows<Text extends string, As extends string, Readers extends Record<string, Reader<unknown>>>(
    condition: Text,
    beside: { as: As; join?: string; beside: Readers },
  ): Rows<E, { readonly [Name in As]: E } & Read<Readers>, NamesIn<Text>>;
  protected rows(
    condition: string | Condition,
    beside: { as?: string; join?: string; beside?: Record<string, Reader<unknown>> } = {},
  ): Rows<E, unknown, string> {
    return new Rows(this.source, { conditions: [conditionOf(condition)], filters: {}, ...beside });
  }

  /** A statement of one's own on this table, for what is interesting; `this.table.selected()` are its columns. */
  protected statement(verb: string, sql: string | Record<Dialect, string>): Statement {
    return derivedStatement(this.table.name, verb, sql);
  }

  /** The entities that a statement of one's own returns, whole rows of the table. */
  protected async entities(statement: Statement, values: Record<string, unknown>): Promise<E[]> {
    return (await this.database.query(statement, values)).map(this.table.read);
  }

  private filled(values: NewValues<E, Defaults>): E {
    const { metadata } = this.table;
    // Filled from the same metadata; NewRow holds every column that is not filled here.
    const entity = new (metadata.target as Constructor<E>)() as Record<string, unknown>;
    const now = this.store.clock.now();
    const id = this.store.ids.next();
    const row = typeof values === 'function' ? values(id) : values;
    const given: Record<string, unknown> = {
      ...this.options.defaults,
      ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)),
      id,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    for (const { property } of this.table.columns) entity[property] = given[property] ?? null;
    return entity as E;
  }

  private async write(statement: Statement, entity: E): Promise<number> {
    try {
      return await this.database.execute(statement, this.table.write(entity));
    } catch (error) {
      throw violationOf(error, this.table, this.source.resource);
    }
  }
}

/**
 * The class that a repository of an entity extends; it is injected without a constructor of its own.
 * @param options `resource` names a row in errors, `defaults` are values of new rows
 */
export function repositoryOf<E extends object, Defaults extends keyof E = never>(
  entity: Constructor<E>,
  options: RepositoryOptions<E, Defaults> = {},
): abstract new (store: EntityStore) => EntityRepository<E, Defaults> {
  @Injectable()
  abstract class Repository extends EntityRepository<E, Defaults> {
    constructor(@Inject(EntityStore) store: EntityStore) {
      super(store, entity, options);
    }
  }
  return Repository;
}
