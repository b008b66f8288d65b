import { KeyObject } from 'node:crypto';
import { type Clock, ServiceUnavailable } from '@platform/kernel';
import { Log } from '@platform/observability';
import { createLocalJWKSet, createRemoteJWKSet, type RemoteJWKSet } from 'jose';
import { type JwtHeader } from 'jsonwebtoken';

/** Between two fetches pass so many milliseconds, whether they succeed or not and whoever asks for which key. */
export const FETCH_COOLDOWN_MS = 30_000;

/** A copy is asked for anew after so many milliseconds; it serves on while that fails. */
export const COPY_AGE_MS = 600_000;

const FETCH_TIMEOUT_MS = 5_000;

/** RFC 7518 §3.3. */
const LEAST_RSA_BITS = 2_048;

/** 503: nobody can tell whether the token is good, because its issuer never published keys to us. */
export class IssuerKeysUnavailable extends ServiceUnavailable {
  constructor() {
    super('The keys of the token issuer cannot be read at the moment', FETCH_COOLDOWN_MS / 1000);
  }
}

/**
 * The public keys of another issuer. jose fetches and chooses them; when it may fetch is decided here, so that an
 * outage costs nobody who was known before, and a flood of unknown kids costs one fetch in thirty seconds.
 */
export class RemoteKeys {
  private readonly log = Log.for('auth');
  private readonly remote: RemoteJWKSet;
  private copy?: ReturnType<typeof createLocalJWKSet>;
  private copiedAt = Number.NEGATIVE_INFINITY;
  private triedAt = Number.NEGATIVE_INFINITY;
  private failing = false;
  private fetching?: Promise<void>;

  constructor(
    private readonly url: string,
    private readonly clock: Clock,
  ) {
    this.remote = createRemoteJWKSet(new URL(url), {
      cooldownDuration: FETCH_COOLDOWN_MS,
      cacheMaxAge: COPY_AGE_MS,
      timeoutDuration: FETCH_TIMEOUT_MS,
    });
  }

  /**
   * The key that the header names; null when the issuer has none of that kid and algorithm.
   * @throws IssuerKeysUnavailable while there is no copy of the keys at all
   */
  async keyOf(header: JwtHeader): Promise<KeyObject | null> {
    if (typeof header.kid !== 'string') return null;
    await this.renewWhenOld();
    return (await this.choose(header)) ?? (await this.lookAgain(header));
  }

  private async lookAgain(header: JwtHeader): Promise<KeyObject | null> {
    await this.fetch();
    if (!this.copy) throw new IssuerKeysUnavailable();
    return this.choose(header);
  }

  private async renewWhenOld(): Promise<void> {
    if (!this.copy || this.now() - this.copiedAt < COPY_AGE_MS) return;
    const fetched = this.fetch();
    // While the issuer is away nobody waits for it: the copy serves on, and each attempt goes on beside the requests.
    if (!this.failing) await fetched;
  }

  private async choose({ alg, kid }: JwtHeader): Promise<KeyObject | null> {
    if (!this.copy) return null;
    try {
      const key = KeyObject.from(await this.copy({ alg, kid }));
      return (key.asymmetricKeyDetails?.modulusLength ?? LEAST_RSA_BITS) < LEAST_RSA_BITS ? null : key;
    } catch {
      // None of that kid and algorithm, several, or one that is no public key for signatures: jose says so by throwing.
      return null;
    }
  }

  /** One fetch for all who wait; none while the last one is too young. Never throws. */
  private fetch(): Promise<void> {
    if (this.fetching) return this.fetching;
    const sinceLast = this.now() - this.triedAt;
    // Below zero: the clock was set back.
    if (sinceLast >= 0 && sinceLast < FETCH_COOLDOWN_MS) return Promise.resolve();
    this.triedAt = this.now();
    this.fetching = this.fetchNow().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchNow(): Promise<void> {
    try {
      await this.remote.reload();
      const keys = this.remote.jwks();
      if (!keys) throw new Error('the answer held no keys');
      this.copy = createLocalJWKSet(keys);
      this.copiedAt = this.now();
      if (this.failing) this.log.info('The keys of a token issuer can be read again', { url: this.url });
      this.failing = false;
    } catch (error) {
      if (!this.failing) {
        const consequence = this.copy ? 'the copy serves on' : 'its tokens are answered 503';
        this.log.warn(`The keys of a token issuer cannot be read: ${consequence}`, { url: this.url, error });
      }
      this.failing = true;
    }
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
