import { type Actor } from '@platform/kernel';
import { CredentialReader } from '../access/credential-reader';
import { InvalidToken } from '../auth.errors';

/** Stands in for our own tokens where AUTH_PROVIDER leaves out `local`: refuses whatever no other reader knows. */
export class NoOwnTokensReader extends CredentialReader {
  recognises(): boolean {
    return true;
  }

  /** @throws InvalidToken */
  read(): Promise<Actor> {
    return Promise.reject(new InvalidToken());
  }
}
