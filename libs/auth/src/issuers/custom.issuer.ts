import { type Clock } from '@platform/kernel';
import { type JwtPayload } from 'jsonwebtoken';
import { type ExternalProof, type ExternalIssuer, provedAt } from './external-issuer';
import { RemoteKeys } from './remote-keys';

/** Where the keys of a custom issuer are, and how its tokens are addressed. */
export interface CustomIssuer {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Any issuer of access tokens after RFC 9068: `at+jwt`, so that its ID tokens are not taken for access tokens. */
export function customIssuer({ audience, issuer, jwksUrl }: CustomIssuer, clock: Clock): ExternalIssuer {
  const keys = new RemoteKeys(jwksUrl, clock);
  return {
    name: 'custom',
    issuer,
    audience,
    algorithms: ['ES256', 'RS256'],
    types: ['at+jwt', 'application/at+jwt'],
    keyOf: (header) => keys.keyOf(header),
    hasItsMarks: () => true,
    proofOf,
  };
}

/** `auth_time`, `acr` and `amr`: RFC 9068 §2.2.1. `mfa` is a method of RFC 8176 §2, or a part of the context's name. */
function proofOf(claims: JwtPayload): ExternalProof {
  const methods: unknown[] = Array.isArray(claims.amr) ? claims.amr : [];
  const authenticatedAt = provedAt(claims.auth_time, claims);
  const context = typeof claims.acr === 'string' ? claims.acr : '';
  return {
    secondFactor: methods.includes('mfa') || context.toLowerCase().split(/[:/#]/).includes('mfa'),
    ...(authenticatedAt && { authenticatedAt }),
  };
}
