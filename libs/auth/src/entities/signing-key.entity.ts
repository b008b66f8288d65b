import { IdColumn, JsonColumn, TextColumn, TimeColumn } from '@platform/database';
import { type JWK } from 'jose';
import { Entity, Index } from 'typeorm';

/** A key pair that signs our access tokens. */
@Entity('signing_keys')
@Index(['retiresAt'])
export class SigningKey {
  /** Names the key in the header of a token (RFC 7515 §4.1.4). */
  @IdColumn()
  kid: string;

  /** The public half, as others read it (RFC 7517). */
  @JsonColumn()
  publicJwk: JWK;

  /** The private half: a JWK, sealed for this kid alone. */
  @TextColumn()
  sealedPrivateJwk: string;

  @TimeColumn()
  createdAt: Date;

  /** From then on it signs, so that readers of the published keys know it before they meet it. */
  @TimeColumn()
  signsFrom: Date;

  /** From then on its tokens are refused; null: not planned. */
  @TimeColumn({ nullable: true })
  retiresAt: Date | null;
}
