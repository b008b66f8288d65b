import { type Clock } from '@platform/kernel';
import { type Jwt } from 'jsonwebtoken';
import { Strategy } from 'passport-jwt';
import { bearerToken } from '../access/bearer-token';
import { type AuthConfig } from '../auth.config';
import { InvalidToken } from '../auth.errors';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, type VerifiedClaims } from './access-token';
import { type KeyRing } from './key-ring';
import { keyByHeader } from './passport-attempt';

/** Clocks of our own processes differ by no more, seconds (decision D30). */
export const LEEWAY_SECONDS = 5;

/** What the header of one of our tokens holds; `jwk`, `jku`, `x5u`, `crit` and the like make it somebody else's. */
const HEADER_FIELDS = new Set(['alg', 'typ', 'kid']);

/** passport-jwt for our own access tokens: algorithm, issuer and audience are ours to say, not the token's. */
export class AccessTokenStrategy extends Strategy {
  constructor({ accessTokenMinutes, audience, issuer }: AuthConfig, ring: KeyRing, clock: Clock) {
    const maxAge = accessTokenMinutes * 60;
    super(
      {
        jwtFromRequest: bearerToken,
        secretOrKeyProvider: keyByHeader(async ({ kid }) => (await ring.find(kid))?.publicKey ?? null),
        algorithms: [ACCESS_TOKEN_ALGORITHM],
        issuer,
        audience,
        jsonWebTokenOptions: { complete: true, clockTolerance: LEEWAY_SECONDS, maxAge },
      },
      (jwt: Jwt, done: (error: unknown, verified?: VerifiedClaims) => void) => {
        done(null, verifiedClaims(jwt, maxAge, clock));
      },
    );
  }
}

/** What jsonwebtoken does not ask for. @throws InvalidToken */
function verifiedClaims({ header, payload }: Jwt, maxAgeSeconds: number, clock: Clock): VerifiedClaims {
  const ours =
    header.typ?.toLowerCase() === ACCESS_TOKEN_TYPE && Object.keys(header).every((name) => HEADER_FIELDS.has(name));
  if (!ours || header.kid === undefined || typeof payload === 'string') throw new InvalidToken();
  const { exp, iat, sid, sub } = payload;
  if (typeof sub !== 'string' || sub === '') throw new InvalidToken("Token missing 'sub' claim");
  const latest = clock.now().getTime() / 1000 + LEEWAY_SECONDS;
  if (typeof exp !== 'number' || typeof iat !== 'number' || iat > latest) throw new InvalidToken();
  if (typeof sid !== 'string' || sid === '') throw new InvalidToken();
  const goodUntil = Math.min(exp, iat + maxAgeSeconds) * 1000;
  return { userId: sub, sessionId: sid, kid: header.kid, expiresAt: new Date(exp * 1000), goodUntil };
}
