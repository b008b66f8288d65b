import { type Actor } from '@platform/kernel';

/** Reads one kind of bearer credential: our own access tokens, those of another issuer, API keys. */
export abstract class CredentialReader {
  /** Whether the credential is of this kind by its looks or its claimed issuer; nothing is verified yet. */
  abstract recognises(credential: string): boolean;

  /**
   * Verify the credential and make its actor, for themselves: whom they act for is decided afterwards.
   * @throws InvalidToken
   * @throws AccountDeactivated
   */
  abstract read(credential: string): Promise<Actor>;
}

/** The readers of this process; the first that recognises a credential reads it. */
export class CredentialReaders {
  constructor(readonly all: readonly CredentialReader[]) {}
}
