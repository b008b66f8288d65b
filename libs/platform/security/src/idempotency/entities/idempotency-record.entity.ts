import { EnumColumn, IdColumn, IntColumn, JsonColumn, PersonalData, TextColumn, TimeColumn } from '@platform/database';
import { Entity, Index } from 'typeorm';

/** A claim; an answer that is repeated; work that was done with an answer too large to keep. */
export const IDEMPOTENCY_STATES = ['in_progress', 'completed', 'not_kept'] as const;

/** One of {@link IDEMPOTENCY_STATES}. */
export type IdempotencyState = (typeof IDEMPOTENCY_STATES)[number];

/** One `Idempotency-Key` of one caller on one route, and the answer that it stands for. */
@Entity('idempotency_keys')
@Index(['scope', 'key'], { unique: true })
@Index(['expiresAt'])
export class IdempotencyRecord {
  @IdColumn()
  id: string;

  @TextColumn({ length: 255 })
  @PersonalData({
    holds: 'person',
    summary: 'Answers to requests that carried an Idempotency-Key, by caller',
    erasure: {
      kind: 'keep',
      reason:
        'An answer is kept for a day (IDEMPOTENCY_TTL_HOURS), so that a repeated request works once, and is then removed',
    },
  })
  scope: string;

  @TextColumn({ length: 255 })
  key: string;

  @TextColumn({ length: 64 })
  fingerprint: string;

  @EnumColumn(IDEMPOTENCY_STATES)
  state: IdempotencyState;

  /** Whose attempt it is: a new text for each; who lost it can neither complete nor release. */
  @TextColumn({ length: 36 })
  claim: string;

  @TimeColumn()
  lockedUntil: Date;

  @IntColumn({ nullable: true })
  status: number | null;

  @JsonColumn({ nullable: true })
  headers: Record<string, string> | null;

  @TextColumn({ nullable: true })
  body: string | null;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  expiresAt: Date;
}
