import { IdColumn, IntColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, Index } from 'typeorm';

/** How often somebody guessed, and until when nobody may guess again. */
@Entity('login_throttles')
@Index(['target'])
@Index(['updatedAt'])
export class LoginThrottleRow {
  @IdColumn()
  id: string;

  /**
   * SHA-256 of what is guessed at: an address, whether it has an account or not, or the second factor of a user. Null
   * on rows of before guesses were counted by network, which nobody reads.
   */
  @TextColumn({ length: 64, nullable: true })
  target: string | null;

  /** SHA-256 of what is guessed at and of where from: a network, a device, or everybody. */
  @TextColumn({ length: 64, unique: true })
  subject: string;

  /** Attempts since the count began, those under way included. */
  @IntColumn()
  failures: number;

  @TimeColumn({ nullable: true })
  blockedUntil: Date | null;

  /** A day later the count begins anew; null as above. */
  @TimeColumn({ nullable: true })
  beganAt: Date | null;

  @TimeColumn()
  updatedAt: Date;
}
