import {
  EnumColumn,
  IdColumn,
  OwnerColumn,
  PersonalData,
  PersonColumn,
  TextColumn,
  TimeColumn,
  VersionNumberColumn,
} from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';
import { INVITABLE_ROLES, type InvitableRole } from '../contract';

/** What became of an invitation. */
export type InvitationState = 'open' | 'expired' | 'accepted' | 'revoked';

/** An invitation to an address; at most one of an organization is open for it. */
@Entity('organization_invitations')
@Index(['organizationId', 'email'], { unique: true, where: '"accepted_at" IS NULL AND "revoked_at" IS NULL' })
@Index(['organizationId', 'createdAt', 'id'])
@Index(['expiresAt'])
@Index(['email'])
export class Invitation {
  @IdColumn()
  id: string;

  @OwnerColumn({ summary: 'Whom the organization has invited', erasure: { kind: 'delete' } })
  @ForeignKey('organizations', { onDelete: 'CASCADE' })
  organizationId: string;

  /** In lower case. */
  @PersonalData({
    holds: 'email',
    summary: 'Invitations that were sent to an address',
    erasure: { kind: 'delete' },
  })
  @TextColumn({ length: 320 })
  email: string;

  @EnumColumn(INVITABLE_ROLES)
  role: InvitableRole;

  /** SHA-256 of the token that was mailed last. */
  @TextColumn({ length: 64, unique: true })
  tokenHash: string;

  /** Null once that account is gone. */
  @PersonColumn({
    nullable: true,
    update: false,
    summary: 'Who has invited somebody',
    erasure: { kind: 'anonymize', set: { invited_by: null } },
    firstProof: 'ends',
  })
  invitedBy: string | null;

  /** Moves with every mail. */
  @TimeColumn()
  expiresAt: Date;

  @TimeColumn({ nullable: true })
  acceptedAt: Date | null;

  /** Who has become a member by it. */
  @PersonColumn({
    nullable: true,
    summary: 'Invitations that somebody has accepted',
    erasure: { kind: 'delete' },
    firstProof: { stays: 'To accept one is a proof of the address itself' },
  })
  acceptedBy: string | null;

  @TimeColumn({ nullable: true })
  revokedAt: Date | null;

  /** Counts changes; each mail belongs to one version. */
  @VersionNumberColumn()
  version: number;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;

  /** What became of it by `now`. */
  stateAt(now: Date): InvitationState {
    if (this.acceptedAt) return 'accepted';
    if (this.revokedAt) return 'revoked';
    return this.expiresAt.getTime() <= now.getTime() ? 'expired' : 'open';
  }
}
