import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { CoreConfig } from '@platform/config';
import { Clock } from '@platform/kernel';
import { type Jwt } from 'jsonwebtoken';
import { Strategy } from 'passport-jwt';
import { bearerToken } from '../access/bearer-token';
import { AuthConfig } from '../auth.config';
import { InvalidToken } from '../auth.errors';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, accessTokenKey, type VerifiedClaims } from './access-token';

/** Clocks of our own processes differ by no more, seconds. */
const LEEWAY_SECONDS = 5;

/** What the header of one of our tokens holds; `jwk`, `jku`, `x5u`, `crit` and the like make it somebody else's. */
const HEADER_FIELDS = new Set(['alg', 'typ']);

/** passport-jwt for our own access tokens: algorithm, issuer and audience are ours to say, not the token's. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'access-token') {
  constructor(
    core: CoreConfig,
    config: AuthConfig,
    private readonly clock: Clock,
  ) {
    super({
      jwtFromRequest: bearerToken,
      // passport-jwt hands the key to jsonwebtoken as it is, which takes a KeyObject; only its types are older.
      secretOrKey: accessTokenKey(core.secretKey) as unknown as Buffer,
      algorithms: [ACCESS_TOKEN_ALGORITHM],
      issuer: config.issuer,
      audience: config.audience,
      jsonWebTokenOptions: { complete: true, clockTolerance: LEEWAY_SECONDS, maxAge: config.accessTokenMinutes * 60 },
    });
  }

  /** What jsonwebtoken does not ask for. @throws InvalidToken */
  validate({ header, payload }: Jwt): VerifiedClaims {
    const ours =
      header.typ?.toLowerCase() === ACCESS_TOKEN_TYPE && Object.keys(header).every((name) => HEADER_FIELDS.has(name));
    if (!ours || typeof payload === 'string') throw new InvalidToken();
    const { exp, iat, sid, sub } = payload;
    if (typeof sub !== 'string' || sub === '') throw new InvalidToken("Token missing 'sub' claim");
    const latest = this.clock.now().getTime() / 1000 + LEEWAY_SECONDS;
    if (typeof exp !== 'number' || typeof iat !== 'number' || iat > latest) throw new InvalidToken();
    if (typeof sid !== 'string' || sid === '') throw new InvalidToken();
    return { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1000) };
  }
}
