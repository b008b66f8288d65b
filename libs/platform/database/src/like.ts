/**
 * A `LIKE … ESCAPE '\'` pattern for a part of a text, taken literally; compare what `foldedSql` makes of both sides.
 * Undefined stays undefined.
 */
export function likePattern(part: string | undefined): string | undefined {
  return part === undefined ? undefined : `%${part.replace(/[\\%_]/g, '\\$&')}%`;
}
