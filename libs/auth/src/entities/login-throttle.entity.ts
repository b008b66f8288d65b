import { IdColumn, IntColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, Index } from 'typeorm';

/** How often somebody guessed in a row, and until when nobody may guess again. */
@Entity('login_throttles')
@Index(['updatedAt'])
export class LoginThrottleRow {
  @IdColumn()
  id: string;

  /** SHA-256 of what is guessed at: an address, whether it has an account or not, or the second factor of a user. */
  @TextColumn({ length: 64, unique: true })
  subject: string;

  /** Attempts since the last success, those under way included. */
  @IntColumn()
  failures: number;

  @TimeColumn({ nullable: true })
  blockedUntil: Date | null;

  @TimeColumn()
  updatedAt: Date;
}
