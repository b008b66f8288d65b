import { IdColumn, PersonColumn, TimeColumn } from '@platform/database';
import { Entity, Index } from 'typeorm';

/** Clocks of two machines may differ by this much, milliseconds: what is due by one is due. */
const CLOCK_TOLERANCE_MS = 60_000;

/** A person's wish to be deleted. Gone when taken back; stays, with nothing but ids and times, once it is met. */
@Entity('account_deletions')
@Index(['dueAt'], { where: '"erased_at" IS NULL' })
export class AccountDeletion {
  @IdColumn()
  id: string;

  /** No foreign key: the account goes, this row stays. */
  @PersonColumn({
    unique: true,
    summary: 'That the account was to be deleted, and when it was',
    erasure: {
      kind: 'keep',
      reason: 'Shows that the wish to be deleted was met, and when; the id in it refers to nobody any more',
    },
    firstProof: 'ends',
  })
  userId: string;

  @TimeColumn()
  requestedAt: Date;

  /** Not before this time. */
  @TimeColumn()
  dueAt: Date;

  /** When something was last in the way of a deletion that was due; null: nothing yet. */
  @TimeColumn({ nullable: true })
  blockedAt: Date | null;

  /** Set: the account is gone. */
  @TimeColumn({ nullable: true })
  erasedAt: Date | null;

  /** Whether the grace period is over. */
  isDue(now: Date): boolean {
    return this.dueAt.getTime() <= now.getTime() + CLOCK_TOLERANCE_MS;
  }
}
