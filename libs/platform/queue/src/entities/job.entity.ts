import { EnumColumn, IdColumn, IntColumn, JsonColumn, TextColumn, TimeColumn } from '@platform/database';
import { type Json, type JsonObject } from '@platform/kernel';
import { Entity, Index } from 'typeorm';
import { JOB_KINDS, JOB_STATES, type JobKind, type JobState, type StoredContext } from '../ledger/job-record';

/** A piece of work in the ledger; what its columns mean stands in `ledger/job-record.ts`. */
@Entity('jobs')
@Index(['name', 'key'], { unique: true })
@Index(['state', 'runAt', 'id'])
@Index(['state', 'finishedAt'])
export class Job {
  @IdColumn()
  id: string;

  @EnumColumn(JOB_KINDS)
  kind: JobKind;

  @TextColumn({ length: 200 })
  name: string;

  @TextColumn({ length: 300, nullable: true })
  key: string | null;

  @JsonColumn()
  payload: JsonObject;

  @JsonColumn()
  context: StoredContext;

  @EnumColumn(JOB_STATES)
  state: JobState;

  @IntColumn({ default: 0 })
  attempts: number;

  @IntColumn()
  maxAttempts: number;

  @IntColumn({ default: 0 })
  crashes: number;

  @IntColumn({ default: 0 })
  claims: number;

  @TimeColumn()
  runAt: Date;

  @TextColumn({ length: 120, nullable: true })
  lockedBy: string | null;

  @TimeColumn({ nullable: true })
  lockedUntil: Date | null;

  @TimeColumn({ nullable: true })
  dispatchedAt: Date | null;

  @TimeColumn({ nullable: true })
  startedAt: Date | null;

  @TimeColumn({ nullable: true })
  finishedAt: Date | null;

  @TextColumn({ nullable: true })
  lastError: string | null;

  @JsonColumn({ nullable: true })
  result: Json | null;

  @TimeColumn()
  createdAt: Date;
}
