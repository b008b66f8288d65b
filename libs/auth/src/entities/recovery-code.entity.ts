import { IdColumn, PersonColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';

/** Stands in once for a lost authenticator. */
@Entity('recovery_codes')
@Index(['userId', 'codeHash'], { unique: true })
export class RecoveryCode {
  @IdColumn()
  id: string;

  @PersonColumn({
    summary: 'Recovery codes, as hashes',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  })
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  /** HMAC-SHA-256 under a key of its own, hexadecimal. */
  @TextColumn({ length: 64 })
  codeHash: string;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn({ nullable: true })
  usedAt: Date | null;
}
