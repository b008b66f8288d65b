import { IdColumn, OwnerColumn, TextColumn, TimeColumn, VersionNumberColumn } from '@platform/database';
import { Entity, Index } from 'typeorm';

/** A named piece of work that belongs to one person or tenant. */
@Entity('projects')
@Index(['ownerId', 'createdAt', 'id'], { where: '"deleted_at" IS NULL' })
@Index(['deletedAt'], { where: '"deleted_at" IS NOT NULL' })
export class Project {
  static readonly changeable = ['name', 'description'] as const;

  @IdColumn()
  id: string;

  @TextColumn({ length: 255 })
  name: string;

  @TextColumn({ length: 2000, nullable: true })
  description: string | null;

  @OwnerColumn({ summary: 'Projects, with their names and descriptions', erasure: { kind: 'delete' } })
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
}
