import {
  BoolColumn,
  IdColumn,
  JsonColumn,
  PersonColumn,
  TextColumn,
  TimeColumn,
  VersionNumberColumn,
} from '@platform/database';
import { Entity, ForeignKey, Index } from 'typeorm';

/** A credential for programs that act for a person, with some of their permissions. The key itself is not kept. */
@Entity('api_keys')
@Index(['userId', 'createdAt', 'id'], { where: '"revoked_at" IS NULL' })
@Index(['expiresAt'])
@Index(['revokedAt'], { where: '"revoked_at" IS NOT NULL' })
export class ApiKey {
  static readonly changeable = ['name'] as const;

  @IdColumn()
  id: string;

  /** Whose key it is. */
  @PersonColumn({
    summary: 'API keys: their names, what they may do, and when they were used last',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  })
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId: string;

  @TextColumn({ length: 100 })
  name: string;

  /** The first characters of the key, to tell it from others. */
  @TextColumn({ length: 32 })
  prefix: string;

  /** SHA-256 of the key, hexadecimal. */
  @TextColumn({ length: 64, unique: true })
  keyHash: string;

  /** SHA-256 of the key before the last rotation, while it is still good. */
  @TextColumn({ length: 64, nullable: true, unique: true })
  previousHash: string | null;

  /** Until when that one is good. */
  @TimeColumn({ nullable: true })
  previousExpiresAt: Date | null;

  /** Names of the permissions that it was given; what it may do is what its owner may do of them now. */
  @JsonColumn()
  scopes: string[];

  /** Whether it was made in a session with a second factor, and so may carry what `ADMIN_REQUIRE_MFA` withholds. */
  @BoolColumn()
  secondFactor: boolean;

  @TimeColumn()
  expiresAt: Date;

  /** To the minute; null: never used. */
  @TimeColumn({ nullable: true, update: false })
  lastUsedAt: Date | null;

  /** Set: worth nothing, out of sight, and purged later. */
  @TimeColumn({ nullable: true })
  revokedAt: Date | null;

  @VersionNumberColumn()
  version: number;

  @TimeColumn()
  createdAt: Date;

  @TimeColumn()
  updatedAt: Date;
}
