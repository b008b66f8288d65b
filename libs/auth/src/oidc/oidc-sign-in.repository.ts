import { Injectable } from '@nestjs/common';
import { constantTimeEqual, sha256Hex, urlSafeToken } from '@platform/crypto';
import { repositoryOf } from '@platform/database';
import { OidcSignIn } from '../entities/oidc-sign-in.entity';

/** Time for the web application to exchange what it finds in its address. */
const CODE_MS = 60_000;

/** Somebody who came back from a provider. */
export type ReturnedPerson = Pick<OidcSignIn, 'provider' | 'userId' | 'subject' | 'codeChallenge'>;

/** A one-time code, and the secret of whoever began the attempt, where they gave its challenge. */
export interface CodeAndVerifier {
  code: string;
  code_verifier?: string;
}

/** Named queries on people who came back from a provider, under one-time codes. */
@Injectable()
export class OidcSignInRepository extends repositoryOf(OidcSignIn) {
  private readonly own = this.rows('user_id = :person');
  private readonly expired = this.rows('expires_at <= :now').orderedBy('expires_at');
  /** Reading is using up: of two that come at once one gets the row. */
  private readonly taking = this.statement(
    'take',
    `DELETE FROM social_sign_ins WHERE code_hash = :hash AND expires_at > :now RETURNING ${this.table.selected()}`,
  );

  /** Keep the person for 60 seconds; returns the code, the only time that it can be read. */
  async keep(person: ReturnedPerson): Promise<string> {
    const code = urlSafeToken(32);
    const expiresAt = new Date(this.store.clock.now().getTime() + CODE_MS);
    await this.add({ ...person, codeHash: sha256Hex(code), expiresAt });
    return code;
  }

  /**
   * Use the code up, if the running transaction commits; null when it is unknown, used or expired, or when the secret
   * is not that of its attempt. A secret without a challenge is wrong, too: the attempt was somebody else's.
   */
  async take({ code, code_verifier }: CodeAndVerifier): Promise<ReturnedPerson | null> {
    const [person] = await this.entities(this.taking, { hash: sha256Hex(code), now: this.store.clock.now() });
    return person && isProved(person.codeChallenge, code_verifier) ? person : null;
  }

  /** Forget whoever came back as this person, or to give an identity to the account; returns how many. */
  removeAllOf(person: string): Promise<number> {
    return this.own.deleteAll({ person });
  }

  /** Remove what has expired; returns how many. */
  purge(): Promise<number> {
    return this.expired.deleteInBatches({ now: this.store.clock.now() });
  }
}

/** RFC 7636 §4.6 with S256. */
function isProved(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null || verifier === undefined) return challenge === null && verifier === undefined;
  return constantTimeEqual(Buffer.from(sha256Hex(verifier), 'hex').toString('base64url'), challenge);
}
