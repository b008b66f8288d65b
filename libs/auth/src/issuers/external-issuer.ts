import { type KeyObject } from 'node:crypto';
import { type Algorithm, type JwtHeader, type JwtPayload } from 'jsonwebtoken';
import { type IssuerName } from './issuer.settings';

/** What a token says of how its person proved who they are. */
export interface ExternalProof {
  /** When; absent where the token does not say: its time of issue moves with every silent refresh. */
  readonly authenticatedAt?: Date;
  /** Whether a second factor was part of it. */
  readonly secondFactor: boolean;
}

/** An issuer that other people run, and how its tokens are told from bad ones. All of it is ours to say, not the token's. */
export interface ExternalIssuer {
  readonly name: Exclude<IssuerName, 'local'>;
  /** The claim `iss`, to the letter. */
  readonly issuer: string;
  /** The claim `aud`; absent where the provider has {@link hasItsMarks} look at another claim to the same end. */
  readonly audience?: string;
  readonly algorithms: readonly Algorithm[];
  /** Values of the header's `typ` in lower case; undefined stands for its absence. */
  readonly types: readonly (string | undefined)[];
  /**
   * The key of a header whose algorithm is allowed; null: none of this issuer's.
   * @throws ServiceUnavailable while nobody can tell
   */
  keyOf(header: JwtHeader): Promise<KeyObject | null>;
  /** Whether a verified token has what this provider's tokens have beside `exp`, `iat` and `sub`. */
  hasItsMarks(claims: JwtPayload): boolean;
  /** What a verified token says of the proof. */
  proofOf(claims: JwtPayload): ExternalProof;
}

/** A time of a claim (seconds since 1970) that is not after the token itself; undefined otherwise. */
export function provedAt(seconds: unknown, { iat }: JwtPayload): Date | undefined {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return undefined;
  // A proof in the future would stay fresh for as long as it likes.
  return new Date(Math.min(seconds, iat ?? 0) * 1000);
}
