import { Injectable } from '@nestjs/common';
import { type Actor } from '@platform/kernel';
import { Actors } from '../access/actors';
import { CredentialReader } from '../access/credential-reader';
import { AccountDeactivated, InvalidToken } from '../auth.errors';
import { ExternalAccounts } from './external-accounts';
import { ExternalTokens } from './external-tokens';

/** Reads tokens of other issuers; with a warm cache without a query. Recognises nothing while none is active. */
@Injectable()
export class ExternalTokenReader extends CredentialReader {
  constructor(
    private readonly tokens: ExternalTokens,
    private readonly accounts: ExternalAccounts,
    private readonly actors: Actors,
  ) {
    super();
  }

  recognises(credential: string): boolean {
    return this.tokens.claims(credential);
  }

  /** @throws InvalidToken, AccountDeactivated, IssuerKeysUnavailable, AddressHasAccount */
  async read(credential: string): Promise<Actor> {
    const token = await this.tokens.verify(credential);
    const standing = await this.accounts.standingOf(token);
    if (standing === 'deactivated') throw new AccountDeactivated();
    if (standing === 'gone') throw new InvalidToken('The account has ended');
    // What the person may do follows from our own row; the token adds how he proved himself, and its own end.
    return { ...this.actors.of(standing, token.proof), expiresAt: token.expiresAt };
  }
}
