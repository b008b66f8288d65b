import { IdColumn, ReferenceColumn, TextColumn, TimeColumn, VersionNumberColumn } from '@platform/database';
import { Entity, Index } from 'typeorm';

/** What its owner may change. Absent: unchanged; null: cleared. */
export interface ProjectChanges {
  name?: string;
  description?: string | null;
}

/** A named piece of work that belongs to one person or tenant. */
@Entity('projects')
@Index(['ownerId', 'createdAt', 'id'], { where: '"deleted_at" IS NULL' })
@Index(['deletedAt'], { where: '"deleted_at" IS NOT NULL' })
export class Project {
  @IdColumn()
  id: string;

  @TextColumn({ length: 255 })
  name: string;

  @TextColumn({ length: 2000, nullable: true })
  description: string | null;

  /** Id of the person, or of the tenant that owns it instead of one. */
  @ReferenceColumn()
  ownerId: string;

  @VersionNumberColumn()
  version: number;

  /** Set: out of sight, until restored or purged. */
  @TimeColumn({ nullable: true })
  deletedAt: Date | null;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;

  /** Take the new values; returns the names of the fields that differ from before. */
  change(changes: ProjectChanges): (keyof ProjectChanges)[] {
    const changed: (keyof ProjectChanges)[] = [];
    if (changes.name !== undefined && changes.name !== this.name) {
      this.name = changes.name;
      changed.push('name');
    }
    if (changes.description !== undefined && changes.description !== this.description) {
      this.description = changes.description;
      changed.push('description');
    }
    return changed;
  }
}
