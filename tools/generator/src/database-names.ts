import { type Changes } from './changes.ts';
import { columnOf } from './names.ts';
import { type ResourcePlan } from './resource-plan.ts';
import { Refusal } from './refusal.ts';
import { indexesOf } from './templates/entity.ts';
import { untagged } from './tags.ts';
import { tablesOf } from './workspace.ts';

/** By so many characters PostgreSQL tells names apart: what is longer is cut, and then the same as another. */
const LONGEST = 63;

/** Name of an index, as libs/platform/database/src/naming.ts has it before it is cut. */
export function indexName(table: string, columns: readonly string[]): string {
  return `ix_${table}_${columns.join('_')}`;
}

/** Name of a foreign key, likewise. */
export function foreignKey(table: string, column: string): string {
  return `fk_${table}_${column}`;
}

/** @throws Refusal for a name that the database would cut */
export function mustFit(names: readonly string[]): void {
  const long = names.map(untagged).find(({ length }) => length > LONGEST);
  if (long)
    throw new Refusal(
      `The name "${long}" is ${long.length} characters long, and PostgreSQL tells names apart by ${LONGEST}: take a shorter resource or field`,
    );
}

/** @throws Refusal for a name of the resource's that the database would cut, or has already */
export function mustFitDatabase(changes: Changes, plan: ResourcePlan): void {
  const table = plan.many.snake;
  const indexes = indexesOf(plan).map(({ columns }) =>
    indexName(
      table,
      columns.map(({ snake }) => snake),
    ),
  );
  const keys = plan.references.map(({ code }) => foreignKey(table, code.field.name.snake));
  mustFit([...indexes, ...keys]);
  const known = indexesThere(changes, table);
  const twice = indexes.find((name, index) => known.has(name) || indexes.indexOf(name) !== index);
  if (twice)
    throw new Refusal(
      `The index "${twice}" is that of ${known.get(twice) ?? 'another field'} already: take another resource or field`,
    );
}

/** The indexes of other tables, as their entities have them, each with its file. */
function indexesThere(changes: Changes, but: string): Map<string, string> {
  return new Map(
    [...tablesOf(changes)]
      .filter(([table, path]) => table !== but && path.endsWith('.entity.ts'))
      .flatMap(([table, path]) => {
        const lists = [...changes.read(path).text.matchAll(/@Index\(\[([^\]]*)\]/g)];
        return lists.map(([, list = '']) => {
          const columns = [...list.matchAll(/'(\w+)'/g)].map(([, property = '']) => columnOf(property));
          return [indexName(table, columns), path] as const;
        });
      }),
  );
}
