import { createHash } from 'node:crypto';
import { ValidationFailed } from '@platform/kernel';
import { sha256Hex } from '@platform/crypto';

const MOST_CHARACTERS = 255;

/**
 * The value of an `Idempotency-Key` header, if it is one: 1–255 visible ASCII characters.
 * @throws ValidationFailed otherwise
 */
export function checkedIdempotencyKey(value: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(value)) return value;
  const message = `Idempotency-Key must be 1 to ${MOST_CHARACTERS} visible ASCII characters`;
  throw new ValidationFailed([{ field: 'Idempotency-Key', message, type: 'idempotency_key' }]);
}

/**
 * Within what a key must be unique: one caller on one route.
 * @param subject such as `user:<id>` or `ip:<address>`
 * @param route method and pattern, such as `POST /api/v1/app/projects`
 */
export function idempotencyScope(subject: string, route: string): string {
  const scope = `${subject} ${route}`;
  return scope.length <= MOST_CHARACTERS ? scope : `sha256:${sha256Hex(scope)}`;
}

/** What must be the same when a key comes again: SHA-256 over method, path with query, and the body's bytes. */
export function idempotencyFingerprint(method: string, path: string, body: string | Uint8Array): string {
  // Neither a method nor a path holds a line end, so no two requests run together into one text.
  return createHash('sha256').update(`${method}\n${path}\n`).update(body).digest('hex');
}
