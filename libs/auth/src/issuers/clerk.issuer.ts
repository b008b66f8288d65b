import { type Clock } from '@platform/kernel';
import { type JwtPayload } from 'jsonwebtoken';
import { type ExternalProof, type ExternalIssuer, provedAt } from './external-issuer';
import { RemoteKeys } from './remote-keys';

/**
 * Clerk's session tokens: https://clerk.com/docs/backend-requests/resources/session-tokens. They carry no audience;
 * the origin that they were made for (`azp`) stands in its place, and must be one of `parties`.
 */
export function clerkIssuer(issuer: string, parties: readonly string[], clock: Clock): ExternalIssuer {
  const keys = new RemoteKeys(`${issuer}/.well-known/jwks.json`, clock);
  const authorized = new Set(parties.map((party) => party.replace(/\/+$/, '')));
  return {
    name: 'clerk',
    issuer,
    algorithms: ['RS256'],
    types: [undefined, 'jwt'],
    keyOf: (header) => keys.keyOf(header),
    // Without a session it is a token of another kind (a template, a machine), which stands for no signed-in person.
    hasItsMarks: ({ azp, sid }) =>
      typeof azp === 'string' && authorized.has(azp) && typeof sid === 'string' && sid !== '',
    proofOf,
  };
}

/** `fva`: minutes since the first and the second factor were shown, -1 for never. */
function proofOf(claims: JwtPayload): ExternalProof {
  const ages: unknown[] = Array.isArray(claims.fva) ? claims.fva : [];
  const shown = ages.slice(0, 2).filter((age): age is number => typeof age === 'number' && age >= 0);
  const authenticatedAt = shown.length > 0 ? provedAt((claims.iat ?? 0) - Math.min(...shown) * 60, claims) : undefined;
  const second = ages[1];
  return {
    secondFactor: typeof second === 'number' && second >= 0,
    ...(authenticatedAt && { authenticatedAt }),
  };
}
