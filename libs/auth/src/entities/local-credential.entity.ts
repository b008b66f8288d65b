import { IdColumn, PersonalData, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey } from 'typeorm';

/** The password of an account, hashed. */
@Entity('local_credentials')
export class LocalCredential {
  @IdColumn()
  @PersonalData({
    holds: 'person',
    summary: 'The password, hashed',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  })
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  /** argon2id in PHC form, or PBKDF2 until the next sign-in. */
  @TextColumn({ length: 512 })
  passwordHash: string;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;
}
