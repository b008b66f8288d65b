import { IdColumn, ReferenceColumn, TextColumn, TimeColumn, VersionNumberColumn } from '@platform/database';
import { Entity, Index } from 'typeorm';

/** What its admins may change. Absent: unchanged. */
export interface OrganizationChanges {
  name?: string;
}

/** A group of people that owns things together: a tenant. */
@Entity('organizations')
@Index(['createdAt', 'id'])
export class Organization {
  @IdColumn()
  id: string;

  @TextColumn({ length: 255 })
  name: string;

  /** The founder; null once that account is gone. Says nothing about rights. */
  @ReferenceColumn({ nullable: true })
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

  /** Take the new values; returns the names of the fields that differ from before. */
  change(changes: OrganizationChanges): (keyof OrganizationChanges)[] {
    if (changes.name === undefined || changes.name === this.name) return [];
    this.name = changes.name;
    return ['name'];
  }
}
