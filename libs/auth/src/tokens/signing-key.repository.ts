import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Database, fromJson, toDate } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { SealedText } from '@platform/crypto';
import { type JWK } from 'jose';
import * as sql from './signing-key.statements';

/** What a private half is sealed for, and nothing else. */
export const SIGNING_KEY_PURPOSE = 'auth:signing-key';

/** A key whose tokens are good. */
export interface TrustedKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly publicKey: KeyObject;
  /** Null when it was sealed under another SECRET_KEY: still good to verify with. */
  readonly privateKey: KeyObject | null;
  readonly signsFrom: Date;
  readonly retiresAt: Date | null;
}

/** Named queries on the keys of our access tokens. */
@Injectable()
export class SigningKeyRepository {
  private readonly seal: SealedText;

  constructor(
    core: CoreConfig,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.seal = new SealedText(core.secretKey, SIGNING_KEY_PURPOSE);
  }

  /** All keys that have not retired, by when they sign, the last first. */
  async trusted(): Promise<TrustedKey[]> {
    const rows = await this.database.query<sql.SigningKeyRow>(sql.TRUSTED, { now: this.clock.now() });
    return rows.map((row) => this.keyOf(row));
  }

  /** Make a key (P-256, for ES256) that signs from then on. */
  async add(signsFrom: Date): Promise<TrustedKey & { readonly privateKey: KeyObject }> {
    const kid = this.ids.next();
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
    const publicJwk = { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' } as JWK;
    await this.database.execute(sql.ADD, {
      kid,
      public_jwk: publicJwk,
      sealed_private_jwk: this.seal.seal(JSON.stringify(privateKey.export({ format: 'jwk' })), kid),
      now: this.clock.now(),
      signs_from: signsFrom,
    });
    return { kid, publicJwk, publicKey, privateKey, signsFrom, retiresAt: null };
  }

  /** Run `work` in a transaction while no other process makes keys. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(async () => {
      await this.database.withLock('auth.signing-keys');
      return work();
    });
  }

  /** Have all keys but this one retire then, or earlier where that was planned; returns how many changed. */
  retireOthers(kid: string, at: Date): Promise<number> {
    return this.database.execute(sql.RETIRE_OTHERS, { kid, at });
  }

  /** Remove retired keys; returns how many. */
  purge(): Promise<number> {
    return this.database.execute(sql.PURGE, { now: this.clock.now() });
  }

  private keyOf(row: sql.SigningKeyRow): TrustedKey {
    const publicJwk = fromJson<JWK>(row.public_jwk);
    const privateJwk = this.seal.open(row.sealed_private_jwk, row.kid);
    return {
      kid: row.kid,
      publicJwk,
      publicKey: createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }),
      privateKey:
        privateJwk === null ? null : createPrivateKey({ key: JSON.parse(privateJwk) as JsonWebKey, format: 'jwk' }),
      signsFrom: toDate(row.signs_from),
      retiresAt: row.retires_at === null ? null : toDate(row.retires_at),
    };
  }
}
