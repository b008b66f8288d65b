import { EnumColumn, IdColumn, IntColumn, JsonColumn, PersonalData, TextColumn, TimeColumn } from '@platform/database';
import { type Erasure, type Json, type JsonObject } from '@platform/kernel';
import { Entity, Index } from 'typeorm';
import { JOB_KINDS, JOB_STATES, type JobKind, type JobState, type StoredContext } from '../ledger/job-record';

const UNTIL_PURGED: Erasure = {
  kind: 'keep',
  reason:
    'A job is work under way: it is purged an hour after it is done (JOBS_RETENTION_SECONDS), a failed one after a week ' +
    '(JOBS_DEAD_RETENTION_DAYS)',
};

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
  @PersonalData({
    holds: 'owner',
    summary: 'Whom a job is about: ids, and the address that a last mail goes to',
    erasure: UNTIL_PURGED,
  })
  payload: JsonObject;

  @JsonColumn()
  @PersonalData({ holds: 'person', summary: 'Who asked for a job', erasure: UNTIL_PURGED })
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
