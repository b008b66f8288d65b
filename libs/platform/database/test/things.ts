import {
  BigIntColumn,
  BoolColumn,
  col,
  EnumColumn,
  IdColumn,
  IntColumn,
  JsonColumn,
  MigrationKit,
  TextColumn,
  TimeColumn,
  VersionNumberColumn,
} from '@platform/database';
import { type DomainDeclaration } from '@platform/kernel';
import { Entity, Index, type MigrationInterface, type QueryRunner } from 'typeorm';

/** A table with every kind of column. */
@Entity('things')
@Index(['counter', 'createdAt'])
export class Thing {
  @IdColumn() id: string;
  @TextColumn({ length: 100, unique: true }) name: string;
  @TextColumn({ nullable: true }) note: string | null;
  @IntColumn({ default: 0 }) counter: number;
  @BigIntColumn({ default: 0 }) bytes: number;
  @BoolColumn({ default: true }) isActive: boolean;
  @EnumColumn(['small', 'large'], { default: 'small' }) size: string;
  @JsonColumn({ nullable: true }) facts: object | null;
  @TimeColumn() createdAt: Date;
  @VersionNumberColumn() version: number;
}

/** Makes the table of {@link Thing}. */
export class CreateThings1700000000000 implements MigrationInterface {
  name = 'CreateThings1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'things',
      [
        col.id(),
        col.text('name', { length: 100, unique: true }),
        col.text('note', { nullable: true }),
        col.int('counter', { default: 0 }),
        col.bigint('bytes', { default: 0 }),
        col.bool('is_active', { default: true }),
        col.enum('size', ['small', 'large'], { default: 'small' }),
        col.json('facts', { nullable: true }),
        col.time('created_at'),
        col.version(),
      ],
      { indexes: [{ columns: ['counter', 'created_at'] }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('things');
  }
}

/** What the tests declare. */
export const THINGS: DomainDeclaration = {
  name: 'things',
  entities: [Thing],
  migrations: [CreateThings1700000000000],
};
