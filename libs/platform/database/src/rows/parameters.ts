/** What a statement of an entity may be given: never `undefined`, which would silently become NULL. */
export type Value = string | number | boolean | Date | null | readonly string[];

type Letter =
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'f'
  | 'g'
  | 'h'
  | 'i'
  | 'j'
  | 'k'
  | 'l'
  | 'm'
  | 'n'
  | 'o'
  | 'p'
  | 'q'
  | 'r'
  | 's'
  | 't'
  | 'u'
  | 'v'
  | 'w'
  | 'x'
  | 'y'
  | 'z'
  | 'A'
  | 'B'
  | 'C'
  | 'D'
  | 'E'
  | 'F'
  | 'G'
  | 'H'
  | 'I'
  | 'J'
  | 'K'
  | 'L'
  | 'M'
  | 'N'
  | 'O'
  | 'P'
  | 'Q'
  | 'R'
  | 'S'
  | 'T'
  | 'U'
  | 'V'
  | 'W'
  | 'X'
  | 'Y'
  | 'Z'
  | '_'
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9';

type Leading<Text extends string, Name extends string = ''> = Text extends `${infer First}${infer Rest}`
  ? First extends Letter
    ? Leading<Rest, `${Name}${First}`>
    : Name
  : Name;

/** The names of the `:parameters` in an SQL text that is a literal: `'owner_id = :owner'` → `'owner'`; `::uuid` is a cast. */
export type NamesIn<Text extends string> = Text extends `${string}:${infer Tail}`
  ? Tail extends `:${infer Cast}`
    ? NamesIn<Cast>
    : Exclude<Leading<Tail>, ''> | NamesIn<Tail>
  : never;

/** A value for each name: a forgotten one does not compile. */
export type Values<Names extends string> = { readonly [Name in Names]: Value };

/** `:name`, which follows no colon (a cast) and no word character. */
export const PARAMETER = /(?<![:\w]):([a-zA-Z]\w*)/g;

/** The names of the `:parameters` in a text, each once. */
export function namesIn(sql: string): string[] {
  return [...new Set(Array.from(sql.matchAll(PARAMETER), ([, name]) => name as string))];
}
