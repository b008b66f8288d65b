import { EnumColumn, IdColumn, OwnerColumn, PersonColumn, TextColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';

/** Why a session ended. */
export const SESSION_ENDS = ['logout', 'revoked', 'reuse', 'deactivated', 'password_changed'] as const;

/** One of {@link SESSION_ENDS}. */
export type SessionEnd = (typeof SESSION_ENDS)[number];

/** A session on one device: the family of all refresh tokens that follow from it. */
@Entity('sessions')
@Index(['userId'])
@Index(['expiresAt'])
export class Session {
  @IdColumn()
  id: string;

  @PersonColumn({
    summary: 'Sessions: when, by which means, from which address and device',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  })
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  @TextColumn({ length: 255, nullable: true })
  userAgent: string | null;

  @TextColumn({ length: 45, nullable: true })
  clientAddress: string | null;

  /** How the person proved who they are: `password`, `magic_link`, or `oidc:<provider>`. */
  @TextColumn({ length: 64 })
  method: string;

  /** The last proof; moves with a step-up. */
  @TimeColumn()
  authenticatedAt: Date;

  /** The last time that a second factor was shown on this session; null: never. */
  @TimeColumn({ nullable: true })
  secondFactorAt: Date | null;

  /** The tenant that this session was switched to; null: the person themselves. */
  @OwnerColumn({
    nullable: true,
    summary: 'For which organization a session acts',
    erasure: { kind: 'anonymize', set: { tenant_id: null } },
  })
  tenantId: string | null;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  refreshedAt: Date;

  /** Moves with every refresh. */
  @TimeColumn()
  expiresAt: Date;

  /** Set: over, whatever tokens are left. */
  @TimeColumn({ nullable: true })
  endedAt: Date | null;

  @EnumColumn(SESSION_ENDS, { nullable: true })
  endReason: SessionEnd | null;
}
