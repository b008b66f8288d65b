import {
  AppendOnly,
  BigIntColumn,
  EnumColumn,
  IdColumn,
  JsonColumn,
  PersonalData,
  TextColumn,
  TimeColumn,
} from '@platform/database';
import { type Erasure, type JsonObject } from '@platform/kernel';
import { Entity, Index } from 'typeorm';

/** How audited work ended: done; turned away before it began; begun and failed. */
export const AUDIT_OUTCOMES = ['success', 'refused', 'failed'] as const;

/** One of {@link AUDIT_OUTCOMES}. */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Lengths of the text columns; longer values are cut, because a row that cannot be written would stop the work. */
export const AUDIT_LENGTHS = {
  actorId: 255,
  actorEmail: 320,
  actorRole: 100,
  action: 100,
  description: 2_000,
  resourceType: 100,
  resourceId: 255,
  ipAddress: 45,
  userAgent: 500,
  requestId: 64,
} as const;

const EVIDENCE: Erasure = {
  kind: 'keep',
  reason:
    'The trail is evidence of who did what, for us and for others, and is chained: a row that changed would be a forgery',
};

/** One fact of the trail. Written once: triggers refuse every change. */
@Entity('audit_logs')
@AppendOnly()
@Index(['createdAt'])
@Index(['actorId', 'sequence'])
@Index(['impersonatorId', 'sequence'])
@Index(['action', 'sequence'])
@Index(['resourceType', 'sequence'])
@Index(['resourceId', 'sequence'])
@Index(['requestId'])
export class AuditRow {
  @IdColumn()
  id: string;

  @TimeColumn()
  createdAt: Date;

  /** Position in the chain, from 1, without gaps. */
  @BigIntColumn({ unique: true })
  sequence: number;

  /** The person; null when the system or nobody known acted. */
  @TextColumn({ length: AUDIT_LENGTHS.actorId, nullable: true })
  @PersonalData({ holds: 'person', summary: 'What somebody did', erasure: EVIDENCE })
  actorId: string | null;

  /** Copies of that moment. The role of the system is `system:<name>`, that of an unknown caller `anonymous`. */
  @TextColumn({ length: AUDIT_LENGTHS.actorEmail, nullable: true })
  @PersonalData({
    holds: 'email',
    summary: 'The address under which somebody acted, as it was then',
    erasure: EVIDENCE,
  })
  actorEmail: string | null;

  @TextColumn({ length: AUDIT_LENGTHS.actorRole, nullable: true })
  actorRole: string | null;

  /** The real person behind an impersonation. */
  @TextColumn({ length: AUDIT_LENGTHS.actorId, nullable: true })
  @PersonalData({ holds: 'person', summary: 'Who acted in the name of somebody else', erasure: EVIDENCE })
  impersonatorId: string | null;

  @TextColumn({ length: AUDIT_LENGTHS.action })
  action: string;

  @EnumColumn(AUDIT_OUTCOMES)
  outcome: AuditOutcome;

  @TextColumn({ nullable: true })
  description: string | null;

  @TextColumn({ length: AUDIT_LENGTHS.resourceType, nullable: true })
  resourceType: string | null;

  @TextColumn({ length: AUDIT_LENGTHS.resourceId, nullable: true })
  @PersonalData({
    holds: 'owner',
    summary: 'Whose account was acted on, and the values before and after',
    erasure: EVIDENCE,
  })
  resourceId: string | null;

  @JsonColumn()
  details: JsonObject;

  @TextColumn({ length: AUDIT_LENGTHS.ipAddress, nullable: true })
  @PersonalData({ holds: 'person', summary: 'From which address and device somebody acted', erasure: EVIDENCE })
  ipAddress: string | null;

  @TextColumn({ nullable: true })
  userAgent: string | null;

  @TextColumn({ length: AUDIT_LENGTHS.requestId, nullable: true })
  requestId: string | null;

  /** `row_hash` of the row before; 64 zeros for the first. */
  @TextColumn({ length: 64 })
  prevHash: string;

  @TextColumn({ length: 64 })
  rowHash: string;
}
