import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';

/** One refresh token of a session. The token itself is 256 bits of chance and is not kept. */
@Entity('refresh_tokens')
@Index(['sessionId'])
@Index(['expiresAt'])
export class RefreshToken {
  @IdColumn()
  id: string;

  @ReferenceColumn()
  @ForeignKey('sessions', { onDelete: 'CASCADE' })
  sessionId: string;

  /** SHA-256, hexadecimal. */
  @TextColumn({ length: 64, unique: true })
  tokenHash: string;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  expiresAt: Date;

  /** Set: exchanged for another one. */
  @TimeColumn({ nullable: true })
  rotatedAt: Date | null;
}
