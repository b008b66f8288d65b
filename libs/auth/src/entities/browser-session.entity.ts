import { IdColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey } from 'typeorm';

/** A session's way into the pages for admins: first a link, then what the cookie holds. One for each session. */
@Entity('browser_sessions')
export class BrowserSession {
  @IdColumn()
  @ForeignKey('sessions', { onDelete: 'CASCADE' })
  sessionId: string;

  /** SHA-256, hexadecimal: of the link's token, after its use of the cookie's. */
  @TextColumn({ length: 64, unique: true })
  secretHash: string;

  /** Set: the link was used. */
  @TimeColumn({ nullable: true })
  openedAt: Date | null;

  /** Of the link, after its use of the cookie. */
  @TimeColumn()
  expiresAt: Date;
}
