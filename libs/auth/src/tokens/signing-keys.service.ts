import { type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Clock } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type JWK } from 'jose';
import { AuthConfig } from '../auth.config';
import { KeyRing } from './key-ring';
import { SigningKeyRepository, type TrustedKey } from './signing-key.repository';

/** From publishing a key until it signs: readers of `jwks.json` keep their copy for 60 s. */
const PUBLISHED_AHEAD_MS = 120_000;

/** Beyond the life of a token: a process that has not heard yet signs with the old key, and clocks differ. */
const SLACK_MS = 60_000;

/** What signs a token. */
export interface Signer {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** How keys are changed. */
export interface Rotation {
  /** Sign with the new key at once, though readers of the published keys do not know it yet. */
  readonly now?: boolean;
  /** The other keys retire at once, and with them every access token: one may be in the wrong hands. Implies `now`. */
  readonly revokeOld?: boolean;
}

/** What a rotation did. */
export interface Rotated {
  readonly kid: string;
  readonly signsFrom: Date;
  /** When the keys before it retire. */
  readonly othersRetireAt: Date;
}

/** The key pairs of our own access tokens: the first is made at first need, others when the operator says so. */
@Injectable()
export class SigningKeysService {
  private readonly log = Log.for('auth');

  constructor(
    private readonly repository: SigningKeyRepository,
    private readonly ring: KeyRing,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly config: AuthConfig,
  ) {}

  /** The key that signs now; made when there is none, once for all processes that ask. */
  async signer(): Promise<Signer> {
    return this.signerAmong(await this.ring.all()) ?? (await this.makeSigner());
  }

  /** The public halves of all keys that have not retired (RFC 7517), those included that will sign soon. */
  async published(): Promise<JWK[]> {
    await this.signer();
    return (await this.ring.all()).map((key) => key.publicJwk);
  }

  /**
   * Make a new key. It signs in two minutes, so that everybody has read it by then; the keys before it retire when
   * their last token has expired. No request fails on the way.
   */
  async rotate(rotation: Rotation = {}): Promise<Rotated> {
    const rotated = await this.repository.alone(async () => {
      const now = this.clock.now();
      const atOnce = rotation.now || rotation.revokeOld || !this.signerAmong(await this.repository.trusted());
      const { kid, signsFrom } = await this.repository.make(atOnce ? now : later(now, PUBLISHED_AHEAD_MS));
      const othersRetireAt = rotation.revokeOld ? now : later(signsFrom, this.lifetimeMs + SLACK_MS);
      const retiring = await this.repository.retireOthers(kid, othersRetireAt);
      await this.audit.append({
        action: rotation.revokeOld ? 'signing_key.revoke' : 'signing_key.rotate',
        resourceType: 'signing_key',
        resourceId: kid,
        details: { signs_from: signsFrom.toISOString(), others_retire_at: othersRetireAt.toISOString(), retiring },
      });
      return { kid, signsFrom, othersRetireAt };
    });
    this.ring.forget();
    return rotated;
  }

  /** Remove retired keys; returns how many. */
  purgeRetired(): Promise<number> {
    return this.repository.purge();
  }

  private get lifetimeMs(): number {
    return this.config.accessTokenMinutes * 60_000;
  }

  /** The last that signs by now, that we can open, and that outlives what it signs. */
  private signerAmong(keys: readonly TrustedKey[]): Signer | undefined {
    const now = this.clock.now();
    for (const { kid, privateKey, retiresAt, signsFrom } of keys) {
      const lives = retiresAt === null || retiresAt > later(now, this.lifetimeMs);
      if (privateKey && lives && signsFrom <= now) return { kid, privateKey };
    }
    return undefined;
  }

  private async makeSigner(): Promise<Signer> {
    return this.repository.alone(async () => {
      // Whether made here or by another process a moment ago: what is kept in memory is out of date.
      this.ring.forget();
      const keys = await this.repository.trusted();
      const other = this.signerAmong(keys);
      if (other) return other;
      const { kid, privateKey } = await this.repository.make(this.clock.now());
      if (keys.some((key) => key.privateKey === null)) {
        this.log.warn(
          'SECRET_KEY is not the one that the signing keys of access tokens were sealed under, so a new one was made. ' +
            'Tokens of the old keys stay good; if the old secret leaked, run `omni auth rotate-keys --revoke-old`',
          { kid },
        );
      }
      return { kid, privateKey };
    });
  }
}

function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds);
}
