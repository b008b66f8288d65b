import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Cache } from '@platform/cache';
import { Clock } from '@platform/kernel';
import { CANONICAL_UUID } from '@platform/security';
import { SigningKeyRepository, type TrustedKey } from './signing-key.repository';

const RING = 'auth:signing-keys';

/** Longest that a key that was made or revoked elsewhere may go unnoticed where no invalidation arrives, milliseconds. */
export const KEY_RING_TTL_MS = 5_000;

/** Unknown kids make at most one query in so many milliseconds. */
export const LOOK_AGAIN_MS = 1_000;

/** The keys that this process trusts, in memory. */
@Injectable()
export class KeyRing {
  private lastLook = -LOOK_AGAIN_MS;
  private nextLook?: Promise<TrustedKey[]>;

  constructor(
    private readonly repository: SigningKeyRepository,
    private readonly cache: Cache,
    private readonly clock: Clock,
  ) {}

  /** All keys that have not retired, by when they sign, the last first. */
  async all(): Promise<readonly TrustedKey[]> {
    const now = this.clock.now();
    const keys = await this.cache.getOrCompute(RING, KEY_RING_TTL_MS, () => this.repository.trusted());
    return keys.every((key) => isTrusted(key, now)) ? keys : keys.filter((key) => isTrusted(key, now));
  }

  /** The key, as far as this process knows at the moment; null when it is none of ours, or retired. */
  async known(kid: string): Promise<TrustedKey | null> {
    return (await this.all()).find((key) => key.kid === kid) ?? null;
  }

  /** As {@link known}; an unknown key is looked for in the database: another process may have made it a moment ago. */
  async find(kid: unknown): Promise<TrustedKey | null> {
    if (typeof kid !== 'string' || CANONICAL_UUID.problem(kid) !== undefined) return null;
    const known = await this.known(kid);
    if (known) return known;
    const stored = await this.lookAgain();
    if (!stored.some((key) => key.kid === kid)) return null;
    this.forget();
    return this.known(kid);
  }

  /** The keys have changed: have every process read them again, once the running transaction has committed. */
  forget(): void {
    this.cache.invalidate(RING);
  }

  /** All who ask before a look begins share it; those who ask later may know of a key that it missed, and wait for the next. */
  private lookAgain(): Promise<TrustedKey[]> {
    return (this.nextLook ??= this.look());
  }

  private async look(): Promise<TrustedKey[]> {
    await sleep(Math.max(0, this.lastLook + LOOK_AGAIN_MS - performance.now()));
    this.nextLook = undefined;
    this.lastLook = performance.now();
    return this.repository.trusted();
  }
}

function isTrusted({ retiresAt }: TrustedKey, now: Date): boolean {
  return retiresAt === null || retiresAt > now;
}
