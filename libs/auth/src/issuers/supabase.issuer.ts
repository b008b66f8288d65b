import { createSecretKey } from 'node:crypto';
import { type Clock } from '@platform/kernel';
import { type JwtPayload } from 'jsonwebtoken';
import { type ExternalProof, type ExternalIssuer, provedAt } from './external-issuer';
import { RemoteKeys } from './remote-keys';

/** Not a proof: the refresh of a session writes no entry that says who sat there. */
const SILENT_METHODS = new Set(['token_refresh']);

/**
 * Supabase Auth: https://supabase.com/docs/guides/auth/jwts.
 * @param legacySecret set: HS256 under it, and the published keys are not looked at
 */
export function supabaseIssuer(projectUrl: string, legacySecret: string | undefined, clock: Clock): ExternalIssuer {
  const issuer = `${projectUrl}/auth/v1`;
  const common = {
    name: 'supabase',
    issuer,
    audience: 'authenticated',
    types: [undefined, 'jwt'],
    hasItsMarks: () => true,
    proofOf,
  } as const;
  if (legacySecret !== undefined) {
    const key = createSecretKey(Buffer.from(legacySecret));
    return { ...common, algorithms: ['HS256'], keyOf: () => Promise.resolve(key) };
  }
  const keys = new RemoteKeys(`${issuer}/.well-known/jwks.json`, clock);
  return { ...common, algorithms: ['ES256', 'RS256'], keyOf: (header) => keys.keyOf(header) };
}

/** `aal` and `amr`: https://supabase.com/docs/guides/auth/jwt-fields. */
function proofOf(claims: JwtPayload): ExternalProof {
  const entries: unknown[] = Array.isArray(claims.amr) ? claims.amr : [];
  let latest: Date | undefined;
  for (const entry of entries) {
    if (typeof entry !== 'object' || entry === null) continue;
    const { method, timestamp } = entry as { method?: unknown; timestamp?: unknown };
    const at = SILENT_METHODS.has(String(method)) ? undefined : provedAt(timestamp, claims);
    if (at && (!latest || at > latest)) latest = at;
  }
  return { secondFactor: claims.aal === 'aal2', ...(latest && { authenticatedAt: latest }) };
}
