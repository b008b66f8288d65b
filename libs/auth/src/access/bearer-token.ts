import { type IncomingHttpHeaders } from 'node:http';

/** Longest access token that is looked at, characters: ours have about 400. */
const MAX_LENGTH = 4_096;
const BEARER = /^Bearer(?: |$)/i;
/** The `b64token` of RFC 6750 §2.1. */
const TOKEN = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/** Whether the request carries bearer credentials at all, good or bad. */
export function hasBearer(headers: IncomingHttpHeaders): boolean {
  return headers.authorization !== undefined && BEARER.test(headers.authorization);
}

/** The token of the Authorization header, the only place where one is read; null when it is malformed. */
export function bearerToken({ headers }: { headers: IncomingHttpHeaders }): string | null {
  const value = headers.authorization;
  if (value === undefined || value.length > MAX_LENGTH) return null;
  return TOKEN.exec(value)?.[1] ?? null;
}
