import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Database } from '@platform/database';
import { Clock } from '@platform/kernel';
import { SealedText, sha256Hex } from '@platform/crypto';
import { OneTimeTokenRepository } from '../links/one-time-token.repository';
import { SecondFactorRepository } from './second-factor.repository';

/** How long a person has for showing a code, seconds. */
const LIFETIME_SECONDS = 300;
/** Codes that may be shown beside one challenge. */
const MOST_ATTEMPTS = 5;

/** Who has shown a first factor, how, and when. */
export interface Challenge {
  readonly userId: string;
  readonly method: string;
  readonly issuedAt: Date;
  /** The device on which it was shown, if the account knows it. */
  readonly device?: string;
  /** Under which its attempts and its use are kept. */
  readonly fingerprint: string;
}

/** What the client is given. */
export interface IssuedChallenge {
  readonly challenge: string;
  readonly expiresInSeconds: number;
}

/**
 * Says that a first factor was shown and a code is missing. It is sealed and carries all it says, because it is given
 * out in a refusal, whose transaction rolls back; a row keeps its attempts and its use from the first attempt on.
 */
@Injectable()
export class SecondFactorChallenges {
  private readonly sealed: SealedText;

  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly tokens: OneTimeTokenRepository,
    private readonly database: Database,
    private readonly clock: Clock,
    core: CoreConfig,
  ) {
    this.sealed = new SealedText(core.secretKey, 'second-factor-challenge');
  }

  /** A challenge for the person; null when they have no second factor in force. */
  async issue(userId: string, method: string, device?: string): Promise<IssuedChallenge | null> {
    if ((await this.factors.confirmedAt(userId)) === null) return null;
    const challenge = this.sealed.seal(JSON.stringify([userId, method, this.clock.now().getTime(), device ?? null]));
    return { challenge, expiresInSeconds: LIFETIME_SECONDS };
  }

  /** What a challenge says; null when it is none of ours or has expired. */
  open(challenge: string): Challenge | null {
    const text = this.sealed.open(challenge);
    if (text === null) return null;
    // Nobody else can seal: it is what issue() wrote.
    const [userId, method, issuedAt, device] = JSON.parse(text) as [string, string, number, string | null];
    if (this.clock.now().getTime() > issuedAt + LIFETIME_SECONDS * 1_000) return null;
    const fingerprint = sha256Hex(challenge);
    return { userId, method, issuedAt: new Date(issuedAt), device: device ?? undefined, fingerprint };
  }

  /** Count an attempt before it is made, apart from the caller's unit of work; false when the challenge is dead. */
  count({ fingerprint, issuedAt, userId }: Challenge): Promise<boolean> {
    const expiresAt = new Date(issuedAt.getTime() + LIFETIME_SECONDS * 1_000);
    return this.database.detached(() =>
      this.tokens.countAttempt({ userId, tokenHash: fingerprint, expiresAt }, MOST_ATTEMPTS),
    );
  }

  /** Use the challenge up; of two at once, one gets true. */
  use({ fingerprint }: Challenge): Promise<boolean> {
    return this.tokens.useChallenge(fingerprint);
  }
}
