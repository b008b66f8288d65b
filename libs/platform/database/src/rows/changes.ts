import { isDeepStrictEqual } from 'node:util';
import { type Json, type JsonObject } from '@platform/kernel';
import { getMetadataArgsStorage } from 'typeorm';
import { snakeCase } from '../naming';

/** An entity class that says which of its properties the owner may give and change. */
export interface Changeable<E extends object> {
  new (): E;
  readonly changeable: readonly (keyof E & string)[];
}

type Properties<C> = C extends { new (): infer E; readonly changeable: readonly (infer K)[] }
  ? Pick<E, K & keyof E>
  : never;

/** New values of changeable properties. Absent: unchanged; null: cleared. */
export type Changes<C> = { [K in keyof Properties<C>]?: Properties<C>[K] | undefined };

type Optional<T> = { [K in keyof T]: null extends T[K] ? K : never }[keyof T];

/** The changeable properties of something new; those that may be null or have a default may be left out. */
export type Input<C, Defaults extends keyof Properties<C> = never> = Omit<
  Properties<C>,
  Optional<Properties<C>> | Defaults
> & { [K in Optional<Properties<C>> | Defaults]?: Properties<C>[K] | undefined };

/** `retiredAt` → `retired_at`. */
type SnakeCase<Text extends string, Done extends string = ''> = Text extends `${infer First}${infer Rest}`
  ? SnakeCase<Rest, `${Done}${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}`>
  : Done;

/** `retired_at` → `retiredAt`. */
type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text;

/** A value as JSON has it: a time is text. */
type OnWire<T> = T extends Date ? string : T;

/** Values by their names on the wire. */
export type Wire<Values> = { [K in keyof Values as SnakeCase<K & string>]: OnWire<Values[K]> };

type FromWire<C, Body> = {
  [K in keyof Body as CamelCase<K & string> & keyof Properties<C>]:
    Properties<C>[CamelCase<K & string> & keyof Properties<C>] | Extract<Body[K], undefined>;
};

/**
 * What a body says of the changeable properties of an entity, by their names in code, times as dates:
 * `fromWire(Vehicle, { retired_at: '2026-11-28T08:00:00Z' })` → `{ retiredAt: Date }`. Absent ones stay absent.
 */
export function fromWire<
  C extends { new (): object; readonly changeable: readonly string[] },
  Body extends Partial<Wire<Changes<C>>>,
>(entity: C, body: Body): FromWire<C, Body> {
  const given = new Map<string, unknown>(Object.entries(body));
  const values = entity.changeable.flatMap((property) => {
    const value = given.get(snakeCase(property));
    if (value === undefined) return [];
    return [[property, isTime(entity, property) && value !== null ? new Date(String(value)) : value]];
  });
  // The names of the body's own type, which are those of the entity in the other case.
  return Object.fromEntries(values) as FromWire<C, Body>;
}

/** Values by their names on the wire, times as text. */
export function toWire<Values extends object>(values: Values): Wire<Values> {
  const entries = Object.entries(values).map(([property, value]) => [snakeCase(property), jsonOf(value)]);
  return Object.fromEntries(entries) as Wire<Values>;
}

/** The values of the changeable properties by their wire names; for the audit trail. */
export function changeableValues<E extends object>(entity: E): JsonObject {
  return Object.fromEntries(changeableOf(entity).map((property) => [snakeCase(property), jsonOf(entity[property])]));
}

/** Take new values; returns the wire names of the properties that differ from before. */
export function applyChanges<E extends object>(entity: E, changes: Partial<E>): string[] {
  const changed = changeableOf(entity).filter(
    (property) => changes[property] !== undefined && !isDeepStrictEqual(changes[property], entity[property]),
  );
  for (const property of changed) entity[property] = changes[property] as E[typeof property];
  return changed.map(snakeCase);
}

function changeableOf<E extends object>(entity: E): readonly (keyof E & string)[] {
  // The instance of a class that states what may be changed; the types of a class do not reach its instances.
  return (entity.constructor as unknown as Changeable<E>).changeable;
}

function isTime(entity: object, property: string): boolean {
  const columns = getMetadataArgsStorage().columns.filter(({ target }) => target === entity);
  return columns.some(({ options, propertyName }) => propertyName === property && options.type === 'timestamptz');
}

function jsonOf(value: unknown): Json {
  // A column holds a text, a number, a truth, a time or JSON.
  return value instanceof Date ? value.toISOString() : (value as Json);
}
