import { EnumColumn, IdColumn, PersonalData, TimeColumn } from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';
import { ORGANIZATION_ROLES, type OrganizationRole } from '../contract';

/** A person in an organization: at most one row for both. */
@Entity('organization_memberships')
@Index(['userId'])
@Index(['organizationId', 'createdAt', 'userId'])
export class Membership {
  @PersonalData({
    holds: 'owner',
    summary: 'Who belongs to the organization, and as what',
    erasure: { kind: 'delete' },
  })
  @IdColumn()
  @ForeignKey('organizations', { onDelete: 'CASCADE' })
  organizationId: string;

  @PersonalData({
    holds: 'person',
    summary: 'To which organizations somebody belongs, as what and since when',
    erasure: { kind: 'delete' },
    firstProof: {
      stays:
        'It is what the account has, not a way into it: to leave or delete an organization is for its person to decide',
    },
  })
  @IdColumn()
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  @EnumColumn(ORGANIZATION_ROLES)
  role: OrganizationRole;

  /** When the person joined. */
  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;
}
