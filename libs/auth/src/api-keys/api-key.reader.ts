import { Injectable } from '@nestjs/common';
import { type Actor, Clock } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { CredentialReader } from '../access/credential-reader';
import { AccountDeactivated, InvalidToken } from '../auth.errors';
import { ApiKeyHolders, type Holding } from './api-key-holders';
import { isWellFormedApiKey, looksLikeApiKey } from './api-key-secret';
import { ApiKeyUsage } from './api-key-usage';

/** Reads API keys; with a warm cache without a query, and garbage never with one. */
@Injectable()
export class ApiKeyReader extends CredentialReader {
  constructor(
    private readonly holders: ApiKeyHolders,
    private readonly usage: ApiKeyUsage,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    super();
  }

  recognises(credential: string): boolean {
    return looksLikeApiKey(credential);
  }

  /** @throws InvalidToken, AccountDeactivated */
  async read(credential: string): Promise<Actor> {
    const { endsAt, keyId, standing } = await this.mustHold(credential);
    if (endsAt.getTime() <= this.clock.now().getTime()) {
      this.metrics.authFailure('expired_token');
      throw new InvalidToken('API key has expired');
    }
    if (standing === 'deactivated') throw new AccountDeactivated();
    if (standing === 'gone') throw this.invalid();
    this.usage.note(keyId);
    // The cached actor serves both secrets of a rotated key; the end is that of the one that was shown.
    return { ...standing, expiresAt: endsAt };
  }

  private async mustHold(credential: string): Promise<Holding> {
    if (!isWellFormedApiKey(credential)) throw this.invalid();
    try {
      return await this.holders.find(credential);
    } catch (error) {
      if (error instanceof InvalidToken) this.metrics.authFailure('invalid_token');
      throw error;
    }
  }

  private invalid(): InvalidToken {
    this.metrics.authFailure('invalid_token');
    return new InvalidToken('Invalid API key');
  }
}
