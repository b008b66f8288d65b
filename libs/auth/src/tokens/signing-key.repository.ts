import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { SealedText } from '@platform/crypto';
import { EntityStore, repositoryOf } from '@platform/database';
import { type JWK } from 'jose';
import { SigningKey } from '../entities/signing-key.entity';

/** What a private half is sealed for, and nothing else. */
export const SIGNING_KEY_PURPOSE = 'auth:signing-key';

/** A key whose tokens are good. */
export interface TrustedKey extends Pick<SigningKey, 'kid' | 'publicJwk' | 'signsFrom' | 'retiresAt'> {
  readonly publicKey: KeyObject;
  /** Null when it was sealed under another SECRET_KEY: still good to verify with. */
  readonly privateKey: KeyObject | null;
}

/** Named queries on the keys of our access tokens. */
@Injectable()
export class SigningKeyRepository extends repositoryOf(SigningKey) {
  // A handful at most; the one that signs stands before those that it follows.
  private readonly good = this.rows('retires_at IS NULL OR retires_at > :now').orderedBy('signs_from DESC');
  private readonly retired = this.rows('retires_at <= :now');
  /** An earlier end that is planned already stays. */
  private readonly retiring = this.statement(
    'retire_others',
    'UPDATE signing_keys SET retires_at = :at WHERE kid <> :kid AND (retires_at IS NULL OR retires_at > :at)',
  );
  private readonly seal: SealedText;

  constructor(store: EntityStore, core: CoreConfig) {
    super(store);
    this.seal = new SealedText(core.secretKey, SIGNING_KEY_PURPOSE);
  }

  /** All keys that have not retired, by when they sign, the last first. */
  async trusted(): Promise<TrustedKey[]> {
    return (await this.good.all({ now: this.store.clock.now() })).map((key) => this.opened(key));
  }

  /** Make a key (P-256, for ES256) that signs from then on. */
  async make(signsFrom: Date): Promise<TrustedKey & { readonly privateKey: KeyObject }> {
    const kid = this.store.ids.next();
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
    const publicJwk = { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' } as JWK;
    const sealedPrivateJwk = this.seal.seal(JSON.stringify(privateKey.export({ format: 'jwk' })), kid);
    await this.add({ kid, publicJwk, sealedPrivateJwk, signsFrom });
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
    return this.database.execute(this.retiring, { kid, at });
  }

  /** Remove retired keys; returns how many. */
  purge(): Promise<number> {
    return this.retired.deleteAll({ now: this.store.clock.now() });
  }

  private opened({ kid, publicJwk, retiresAt, sealedPrivateJwk, signsFrom }: SigningKey): TrustedKey {
    const privateJwk = this.seal.open(sealedPrivateJwk, kid);
    const keyOf = (jwk: object) => ({ key: jwk as JsonWebKey, format: 'jwk' }) as const;
    const privateKey = privateJwk === null ? null : createPrivateKey(keyOf(JSON.parse(privateJwk) as JsonWebKey));
    return { kid, publicJwk, signsFrom, retiresAt, publicKey: createPublicKey(keyOf(publicJwk)), privateKey };
  }
}
