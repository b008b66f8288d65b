import { type Json } from '@platform/kernel';
import { type Dialect, type Parameters } from '../statement';
import { foldedSql } from '../text-folding';
import { type Position } from './cursors';
import { type EntityTable, type TableColumn } from './entity-table';

type Direction = 'ASC' | 'DESC';

/** An order without regard to case and composition: see {@link folded}. */
export interface FoldedOrder {
  readonly folded: string;
  readonly direction: Direction;
}

/** `'created_at DESC'`, several of them with commas between, or {@link folded}. */
export type Order = string | FoldedOrder;

/** Order by a text as searches compare it (decision 0047). */
export function folded(column: string, direction: Direction = 'ASC'): FoldedOrder {
  return { folded: column, direction };
}

interface Term {
  readonly column: TableColumn;
  readonly direction: Direction;
  readonly folded: boolean;
}

const AFTER = 'after_';

/** The order of a list, down to the key, and the condition that continues it after a row (keyset paging). */
export class Ordering<E extends object> {
  private readonly terms: readonly Term[];

  /** @throws Error naming a column that is not there or may be null, which has no position */
  constructor(
    private readonly table: EntityTable<E>,
    orders: readonly Order[],
  ) {
    const terms = orders.flatMap((order) => this.termsOf(order));
    const last = terms.at(-1)?.direction ?? 'ASC';
    const rest = table.key.filter((key) => !terms.some(({ column }) => column === key));
    this.terms = [...terms, ...rest.map((column) => ({ column, direction: last, folded: false }))];
  }

  /** After ORDER BY. @param qualified by the table, where it stands beside others */
  sql(dialect: Dialect, qualified = false): string {
    return this.terms
      .map((term) => this.expression(term, dialect, qualified) + (term.direction === 'DESC' ? ' DESC' : ''))
      .join(', ');
  }

  /** The rows after a position, whose values are `:after_0`, `:after_1` … */
  after(dialect: Dialect, qualified = false): string {
    const left = this.terms.map((term) => this.expression(term, dialect, qualified));
    const right = this.terms.map((term, index) => {
      const parameter = `:${AFTER}${index}`;
      return term.folded ? foldedSql(parameter, dialect) : parameter;
    });
    const [first] = this.terms;
    if (this.terms.every(({ direction }) => direction === first?.direction)) {
      // A comparison of rows, which an index in this order answers.
      return `(${left.join(', ')}) ${first?.direction === 'DESC' ? '<' : '>'} (${right.join(', ')})`;
    }
    return this.terms.reduceRight((rest, { direction }, index) => {
      const beyond = direction === 'DESC' ? '<' : '>';
      const strictly = `${left[index]} ${beyond} ${right[index]}`;
      if (rest === '') return strictly;
      return `${left[index]} ${beyond}= ${right[index]} AND (${strictly} OR (${left[index]} = ${right[index]} AND ${rest}))`;
    }, '');
  }

  /** Where an entity stands in this order. */
  positionOf(entity: E): Position {
    // Compiled from the metadata of this very class.
    const values = entity as Record<string, unknown>;
    return this.terms.map(({ column }) => {
      const value = values[column.property];
      return value instanceof Date ? value.toISOString() : (value as Json);
    });
  }

  /** The parameters of {@link after}. */
  static parametersOf(position: Position): Parameters {
    return Object.fromEntries(position.map((value, index) => [`${AFTER}${index}`, value]));
  }

  private expression({ column, folded: isFolded }: Term, dialect: Dialect, qualified: boolean): string {
    const name = qualified ? `${this.table.name}.${column.name}` : column.name;
    return isFolded ? foldedSql(name, dialect) : name;
  }

  private termsOf(order: Order): Term[] {
    if (typeof order !== 'string') return [this.term(order.folded, order.direction, true)];
    return order.split(',').map((text) => {
      const [name = '', direction = 'ASC', ...more] = text.trim().split(/\s+/);
      if ((direction !== 'ASC' && direction !== 'DESC') || more.length > 0) {
        throw new Error(`The order '${text.trim()}' of ${this.table.name}: write a column, then nothing, ASC or DESC`);
      }
      return this.term(name, direction, false);
    });
  }

  private term(name: string, direction: Direction, isFolded: boolean): Term {
    const column = this.table.find(name);
    if (!column) throw new Error(`${this.table.name} has no column '${name}' to be ordered by: correct its repository`);
    if (column.nullable) {
      throw new Error(
        `${this.table.name}.${name} may be null, and a null has no place in an order: order by another column`,
      );
    }
    return { column, direction, folded: isFolded };
  }
}
