/**
 * A `LIKE … ESCAPE '\'` pattern for a part of a text, taken literally; compare with LOWER on both sides to ignore case.
 * Undefined stays undefined.
 */
export function likePattern(part: string | undefined): string | undefined {
  return part === undefined ? undefined : `%${part.replace(/[\\%_]/g, '\\$&')}%`;
}
