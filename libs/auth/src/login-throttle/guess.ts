import { sha256Hex } from '@platform/crypto';
import { EMAIL_ADDRESS } from '@platform/security';

/** What is guessed at, and from where. */
export interface Guess {
  /** SHA-256: of an account's password or of its codes. */
  readonly target: string;
  /** A device that signed in to the account before, or a session of it. */
  readonly device?: string;
}

/** A guess at the password of whoever has the address; the same for an address that nobody has. */
export function passwordGuess(email: string, device?: string): Guess {
  return { target: sha256Hex(`password:${EMAIL_ADDRESS.normalise(email)}`), device };
}

/** A guess at the second factor of a user. */
export function codeGuess(userId: string, device?: string): Guess {
  return { target: sha256Hex(`code:${userId}`), device };
}

/** The device that somebody is who is signed in; undefined without a session. */
export function sessionDevice(sessionId: string | undefined): string | undefined {
  return sessionId === undefined ? undefined : `session:${sessionId}`;
}
