import { type Json, type JsonObject } from '@platform/kernel';
import { snakeCase } from '../naming';

/** An entity class that says which of its properties the owner may give and change. */
export interface Changeable<E extends object> {
  new (): E;
  readonly changeable: readonly (keyof E & string)[];
}

/** The wire name of a property: `fullName` → `full_name`. */
type WireName<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${WireName<Rest>}`
    : `_${Lowercase<First>}${WireName<Rest>}`
  : '';

type OnWire<E> = { [K in keyof E & string as WireName<K>]: E[K] };

type Properties<C> = C extends { new (): infer E; readonly changeable: readonly (infer K)[] }
  ? OnWire<Pick<E, K & keyof E>>
  : never;

/** New values of changeable properties, by their wire names. Absent: unchanged; null: cleared. */
export type Changes<C> = { [K in keyof Properties<C>]?: Properties<C>[K] | undefined };

type Optional<T> = { [K in keyof T]: null extends T[K] ? K : never }[keyof T];

/** The changeable properties of something new, by their wire names; those that may be null may be left out. */
export type Input<C> = Omit<Properties<C>, Optional<Properties<C>>> & {
  [K in Optional<Properties<C>>]?: Properties<C>[K] | undefined;
};

/** The values of the changeable properties by their wire names; for the audit trail. */
export function changeableValues<E extends object>(entity: E): JsonObject {
  return Object.fromEntries(changeableOf(entity).map((property) => [snakeCase(property), jsonOf(entity[property])]));
}

/** Take new values; returns the wire names of the properties that differ from before. */
export function applyChanges<E extends object>(entity: E, changes: Partial<OnWire<E>>): string[] {
  // By the wire name of a property stands its value: the type of `changes` says so.
  const given = (property: string) => (changes as Record<string, unknown>)[snakeCase(property)];
  const changed = changeableOf(entity).filter(
    (property) => given(property) !== undefined && !isSame(given(property), entity[property]),
  );
  for (const property of changed) entity[property] = given(property) as E[typeof property];
  return changed.map(snakeCase);
}

function changeableOf<E extends object>(entity: E): readonly (keyof E & string)[] {
  // The instance of a class that states what may be changed; the types of a class do not reach its instances.
  return (entity.constructor as unknown as Changeable<E>).changeable;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}

function jsonOf(value: unknown): Json {
  // A column holds a text, a number, a truth, a time or JSON.
  return value instanceof Date ? value.toISOString() : (value as Json);
}
