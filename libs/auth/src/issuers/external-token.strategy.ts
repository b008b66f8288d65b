import { type Clock } from '@platform/kernel';
import { type Jwt, type JwtPayload } from 'jsonwebtoken';
import { Strategy } from 'passport-jwt';
import { bearerToken } from '../access/bearer-token';
import { InvalidToken } from '../auth.errors';
import { keyByHeader } from '../tokens/passport-attempt';
import { type ExternalIssuer } from './external-issuer';

/** Clocks of other people differ from ours by no more, seconds (decision D30). */
export const EXTERNAL_LEEWAY_SECONDS = 30;

/** Longest that a token is taken after it was issued, whatever its expiry says, seconds. */
export const MAX_AGE_SECONDS = 86_400;

/** The provider's own id of a person: the column's length. */
const MAX_SUBJECT = 255;

/** What would have a verifier believe the token itself about its key, or need an extension that nobody here knows. */
const FORBIDDEN_HEADER_FIELDS = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64'];

/** A token whose signature, issuer, audience and times are good. */
export interface VerifiedExternalToken {
  readonly subject: string;
  readonly claims: JwtPayload;
  readonly expiresAt: Date;
  /** End of its life, by its expiry or its age, before any leeway; milliseconds since 1970. */
  readonly goodUntil: number;
}

/** passport-jwt for the tokens of one provider. */
export class ExternalTokenStrategy extends Strategy {
  constructor(provider: ExternalIssuer, clock: Clock) {
    super(
      {
        jwtFromRequest: bearerToken,
        secretOrKeyProvider: keyByHeader(async (header) => {
          // Asked before the key is looked for: a header of another algorithm costs nobody a fetch.
          const isAllowed = provider.algorithms.some((algorithm) => algorithm === header.alg);
          return isAllowed ? provider.keyOf(header) : null;
        }),
        algorithms: [...provider.algorithms],
        issuer: provider.issuer,
        audience: provider.audience,
        jsonWebTokenOptions: { complete: true, clockTolerance: EXTERNAL_LEEWAY_SECONDS, maxAge: MAX_AGE_SECONDS },
      },
      (jwt: Jwt, done: (error: unknown, verified?: VerifiedExternalToken) => void) => {
        done(null, verifiedToken(jwt, provider, clock));
      },
    );
  }
}

/** What jsonwebtoken does not ask for. @throws InvalidToken */
function verifiedToken({ header, payload }: Jwt, provider: ExternalIssuer, clock: Clock): VerifiedExternalToken {
  if (typeof payload === 'string' || FORBIDDEN_HEADER_FIELDS.some((name) => name in header)) throw new InvalidToken();
  if (!provider.types.includes(header.typ?.toLowerCase())) throw new InvalidToken();
  const { exp, iat, sub } = payload;
  if (typeof sub !== 'string' || sub === '') throw new InvalidToken("Token missing 'sub' claim");
  const latest = clock.now().getTime() / 1000 + EXTERNAL_LEEWAY_SECONDS;
  if (typeof exp !== 'number' || typeof iat !== 'number' || iat > latest) throw new InvalidToken();
  // Control characters name nobody, and PostgreSQL does not store NUL.
  if (sub.length > MAX_SUBJECT || /\p{Cc}/u.test(sub) || !sub.isWellFormed()) throw new InvalidToken();
  if (!provider.hasItsMarks(payload)) throw new InvalidToken();
  const goodUntil = Math.min(exp, iat + MAX_AGE_SECONDS) * 1000;
  return { subject: sub, claims: payload, expiresAt: new Date(exp * 1000), goodUntil };
}
