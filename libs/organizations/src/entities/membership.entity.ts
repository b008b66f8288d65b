import { EnumColumn, IdColumn, TimeColumn } from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';
import { ORGANIZATION_ROLES, type OrganizationRole } from '../contract';

/** A person in an organization: at most one row for both. */
@Entity('organization_memberships')
@Index(['userId'])
@Index(['organizationId', 'createdAt', 'userId'])
export class Membership {
  @IdColumn()
  @ForeignKey('organizations', { onDelete: 'CASCADE' })
  organizationId: string;

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
