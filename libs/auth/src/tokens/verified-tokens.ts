import { Injectable } from '@nestjs/common';
import { Cache } from '@platform/cache';
import { sha256Hex } from '@platform/crypto';

/** How long a verified token is remembered, milliseconds. */
const REMEMBERED_MS = 180_000;

/**
 * Remembers tokens that were verified, so that a signature costs once for each token and process. Only good ones are
 * kept, by their SHA-256; callers look at the expiry again, every time.
 */
@Injectable()
export class VerifiedTokens {
  constructor(private readonly cache: Cache) {}

  /** What `verify` found out about this very token; its failure is passed on and not kept. */
  claimsOf<C>(kind: string, token: string, verify: () => Promise<C>): Promise<C> {
    return this.cache.getOrCompute(`token:${kind}:${sha256Hex(token)}`, REMEMBERED_MS, verify);
  }
}
