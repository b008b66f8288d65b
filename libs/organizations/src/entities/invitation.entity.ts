import { EnumColumn, IdColumn, ReferenceColumn, TextColumn, TimeColumn, VersionNumberColumn } from '@platform/database';
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

  @ReferenceColumn()
  @ForeignKey('organizations', { onDelete: 'CASCADE' })
  organizationId: string;

  /** In lower case. */
  @TextColumn({ length: 320 })
  email: string;

  @EnumColumn(INVITABLE_ROLES)
  role: InvitableRole;

  /** SHA-256 of the token that was mailed last. */
  @TextColumn({ length: 64, unique: true })
  tokenHash: string;

  /** Null once that account is gone. */
  @ReferenceColumn({ nullable: true })
  invitedBy: string | null;

  /** Moves with every mail. */
  @TimeColumn()
  expiresAt: Date;

  @TimeColumn({ nullable: true })
  acceptedAt: Date | null;

  /** Who has become a member by it. */
  @ReferenceColumn({ nullable: true })
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
