import { IdColumn, PersonColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';

/** A person who came back from a provider and has not been let in yet; gone with its first use. */
@Entity('social_sign_ins')
@Index(['expiresAt'])
@Index(['userId'])
export class OidcSignIn {
  @IdColumn()
  id: string;

  /** SHA-256 of the one-time code, hexadecimal. */
  @TextColumn({ length: 64, unique: true })
  codeHash: string;

  /** `oidc:<name>`. */
  @TextColumn({ length: 64 })
  provider: string;

  /** Who signs in; or, where there is a subject, whose account is to get that identity. */
  @PersonColumn({
    summary: 'Sign-ins at another provider that are not complete yet',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  })
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  /** The identity to link; null: a sign-in. */
  @TextColumn({ length: 255, nullable: true })
  subject: string | null;

  /** S256 of the secret that must come with the code; null: none. */
  @TextColumn({ length: 64, nullable: true })
  codeChallenge: string | null;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  expiresAt: Date;
}
