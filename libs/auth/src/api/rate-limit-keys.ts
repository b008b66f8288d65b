import { Injectable } from '@nestjs/common';
import { sha256Hex } from '@platform/crypto';
import { type CallKey, EMAIL_ADDRESS, type LimitedCall, RateLimitKey } from '@platform/security';
import { KnownDevices } from '../passwords/known-devices';
import { SecondFactorChallenges } from '../second-factor/second-factor-challenges';
import { RefreshTokens } from '../sessions/refresh-tokens';
import { deviceTokensOf, textIn } from './device-tokens';

/** The account of `email`, whether there is one or not; a device that was given a token of it counts by itself. */
@Injectable()
export class AccountKey extends RateLimitKey {
  readonly countsBy = 'account';

  constructor(private readonly devices: KnownDevices) {
    super();
  }

  of(call: LimitedCall): CallKey | null {
    const email = textIn(call.body, 'email');
    if (email === undefined) return null;
    const account = digest(EMAIL_ADDRESS.normalise(email));
    const device = this.devices.named(email, deviceTokensOf(call));
    return device === undefined ? { value: account } : { value: device, holder: account };
  }
}

/** The link in a mail whose `token` is shown. */
@Injectable()
export class LinkKey extends RateLimitKey {
  readonly countsBy = 'link';

  of({ body }: LimitedCall): CallKey | null {
    return keyOf(textIn(body, 'token'));
  }
}

/** The one-time `code` of a way through a provider. */
@Injectable()
export class CodeKey extends RateLimitKey {
  readonly countsBy = 'code';

  of({ body }: LimitedCall): CallKey | null {
    return keyOf(textIn(body, 'code'));
  }
}

/** The account of a `challenge`, which only somebody who showed a first factor has. */
@Injectable()
export class ChallengeKey extends RateLimitKey {
  readonly countsBy = 'account';

  constructor(private readonly challenges: SecondFactorChallenges) {
    super();
  }

  of({ body }: LimitedCall): CallKey | null {
    const challenge = this.challenges.open(textIn(body, 'challenge') ?? '');
    if (!challenge) return null;
    const { device, userId } = challenge;
    return device === undefined ? { value: userId } : { value: device, holder: userId };
  }
}

/** The session of `refresh_token`. */
@Injectable()
export class SessionKey extends RateLimitKey {
  readonly countsBy = 'session';

  constructor(private readonly tokens: RefreshTokens) {
    super();
  }

  of({ body }: LimitedCall): CallKey | null {
    const owner = this.tokens.ownerOf(textIn(body, 'refresh_token') ?? '');
    return owner && { value: owner.sessionId, holder: owner.userId };
  }
}

/** What the routes of this domain are counted by. */
export const RATE_LIMIT_KEYS = [AccountKey, LinkKey, CodeKey, ChallengeKey, SessionKey];

function keyOf(secret: string | undefined): CallKey | null {
  return secret === undefined ? null : { value: digest(secret) };
}

/** 128 bits: enough to tell accounts and tokens apart, and neither can be read from it. */
function digest(text: string): string {
  return sha256Hex(text).slice(0, 32);
}
