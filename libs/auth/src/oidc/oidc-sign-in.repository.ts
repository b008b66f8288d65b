import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { constantTimeEqual, sha256Hex, urlSafeToken } from '@platform/crypto';
import * as sql from './oidc-sign-in.statements';

/** Time for the web application to exchange what it finds in its address. */
const CODE_MS = 60_000;
const PURGE_BATCH = 500;

/** Somebody who came back from a provider. */
export interface ReturnedPerson {
  /** `oidc:<name>`. */
  readonly provider: string;
  /** Who signs in; or whose account is to get the subject. */
  readonly userId: string;
  /** The identity to link; null: a sign-in. */
  readonly subject: string | null;
  /** S256 of the secret that must come with the code; null: none. */
  readonly codeChallenge: string | null;
}

/** A one-time code, and the secret of whoever began the attempt, where they gave its challenge. */
export interface CodeAndVerifier {
  code: string;
  code_verifier?: string;
}

/** Named queries on people who came back from a provider, under one-time codes. */
@Injectable()
export class OidcSignInRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Keep the person for 60 seconds; returns the code, the only time that it can be read. */
  async add({ codeChallenge, provider, subject, userId }: ReturnedPerson): Promise<string> {
    const code = urlSafeToken(32);
    const now = this.clock.now();
    await this.database.execute(sql.ADD, {
      id: this.ids.next(),
      code_hash: sha256Hex(code),
      provider,
      user_id: userId,
      subject,
      code_challenge: codeChallenge,
      now,
      expires_at: new Date(now.getTime() + CODE_MS),
    });
    return code;
  }

  /**
   * Use the code up, if the running transaction commits; null when it is unknown, used or expired, or when the secret
   * is not that of its attempt. A secret without a challenge is wrong, too: the attempt was somebody else's.
   */
  async take({ code, code_verifier }: CodeAndVerifier): Promise<ReturnedPerson | null> {
    const parameters = { code_hash: sha256Hex(code), now: this.clock.now() };
    const [row] = await this.database.query<sql.OidcSignInRow>(sql.TAKE, parameters);
    if (!row || !isProved(row.code_challenge, code_verifier)) return null;
    const { code_challenge, provider, subject, user_id } = row;
    return { provider, userId: user_id, subject, codeChallenge: code_challenge };
  }

  /** Forget whoever came back as this person, or to give an identity to the account; returns how many. */
  removeAllOf(userId: string): Promise<number> {
    return this.database.execute(sql.REMOVE_ALL, { user_id: userId });
  }

  /** Remove what has expired, in batches; returns how many rows are gone. */
  async purgeExpired(): Promise<number> {
    let purged = 0;
    for (;;) {
      const batch = await this.database.execute(sql.PURGE, { now: this.clock.now(), limit: PURGE_BATCH });
      purged += batch;
      if (batch < PURGE_BATCH) return purged;
    }
  }
}

/** RFC 7636 §4.6 with S256. */
function isProved(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null || verifier === undefined) return challenge === null && verifier === undefined;
  return constantTimeEqual(Buffer.from(sha256Hex(verifier), 'hex').toString('base64url'), challenge);
}
