import {
  type Changes,
  IdColumn,
  type Input,
  PersonalData,
  PersonColumn,
  TextColumn,
  TimeColumn,
  VersionNumberColumn,
} from '@platform/database';
import { Entity, Index } from 'typeorm';

/** A group of people that owns things together: a tenant. */
@Entity('organizations')
@Index(['createdAt', 'id'])
export class Organization {
  static readonly changeable = ['name'] as const;

  @PersonalData({ holds: 'owner', summary: 'The organization itself, with its name', erasure: { kind: 'delete' } })
  @IdColumn()
  id: string;

  @TextColumn({ length: 255 })
  name: string;

  /** The founder; null once that account is gone. Says nothing about rights. */
  @PersonColumn({
    nullable: true,
    update: false,
    summary: 'Who founded an organization',
    erasure: { kind: 'anonymize', set: { created_by: null } },
    firstProof: { stays: 'Says who founded it, and lets nobody in' },
  })
  createdBy: string | null;

  @VersionNumberColumn()
  version: number;

  /** Set: closed to everybody, until it is erased with all that it owns. */
  @TimeColumn({ nullable: true })
  deletedAt: Date | null;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;
}

/** What a new organization is made of. */
export type NewOrganization = Input<typeof Organization>;

/** What its admins may change. */
export type OrganizationChanges = Changes<typeof Organization>;
