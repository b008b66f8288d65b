import { EnumColumn, IdColumn, IntColumn, PersonColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';

/** What a one-time token is good for. */
export const TOKEN_PURPOSES = ['verify_email', 'reset_password', 'magic_link', 'second_factor'] as const;

/** One of {@link TOKEN_PURPOSES}. */
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number];

/** A token that is good once. The token itself is a secret of its holder and is not kept. */
@Entity('one_time_tokens')
@Index(['userId', 'purpose'])
@Index(['expiresAt'])
export class OneTimeToken {
  @IdColumn()
  id: string;

  @PersonColumn({
    summary: 'Links that were mailed to the person, as hashes, and the address that each went to',
    erasure: { kind: 'delete' },
    firstProof: { stays: 'Links lie in the mailbox of the person who has just proved to hold it' },
  })
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  @EnumColumn(TOKEN_PURPOSES)
  purpose: TokenPurpose;

  /** SHA-256, hexadecimal. */
  @TextColumn({ length: 64, unique: true })
  tokenHash: string;

  /** The address that it was mailed to: using it proves that address and no later one. */
  @TextColumn({ length: 320 })
  email: string;

  /** Wrong codes that were shown beside it; only a challenge of a second factor counts them. */
  @IntColumn({ default: 0 })
  attempts: number;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  expiresAt: Date;

  /** Set: used up. */
  @TimeColumn({ nullable: true })
  usedAt: Date | null;
}
