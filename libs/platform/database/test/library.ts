import {
  BigIntColumn,
  BigIntTextColumn,
  BoolColumn,
  col,
  IdColumn,
  IntColumn,
  JsonColumn,
  MigrationKit,
  OwnerColumn,
  ReferenceColumn,
  TextColumn,
  TimeColumn,
  VersionNumberColumn,
} from '@platform/database';
import { type DomainDeclaration, type Json } from '@platform/kernel';
import { Entity, Index, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';

/** A shelf, which books stand on. */
@Entity('shelves')
export class Shelf {
  @IdColumn() id: string;
  @TextColumn({ length: 100, unique: true }) label: string;
}

/** A row with every kind of column, a version, an owner and a reference. */
@Entity('books')
@Index(['ownerId', 'title'], { unique: true })
export class Book {
  static readonly changeable = ['title', 'facts', 'dueAt'] as const;

  @IdColumn() id: string;
  @OwnerColumn({ summary: 'Books', erasure: { kind: 'delete' } }) ownerId: string;
  @ReferenceColumn({ nullable: true }) shelfId: string | null;
  @TextColumn({ length: 100 }) title: string;
  @IntColumn() pages: number;
  @BigIntColumn() bytes: number;
  @BigIntTextColumn() barcode: string;
  @BoolColumn() isLent: boolean;
  @JsonColumn({ nullable: true }) facts: Json;
  @IntColumn({ update: false }) loans: number;
  @TimeColumn({ nullable: true }) dueAt: Date | null;
  @VersionNumberColumn() version: number;
  @TimeColumn() createdAt: Date;
  @TimeColumn() updatedAt: Date;

  /** Computed, so that no new row gives it. */
  get isLong(): boolean {
    return this.pages > 500;
  }
}

/** Who may take from a shelf: a row whose key is two columns. */
@Entity('readers')
export class Reader {
  @PrimaryColumn({ type: 'uuid' }) shelfId: string;
  @PrimaryColumn({ type: 'uuid' }) personId: string;
  @TextColumn({ length: 20 }) role: string;
  @TimeColumn() createdAt: Date;
}

/** Makes the tables of the library. */
export class CreateLibrary1700000000001 implements MigrationInterface {
  name = 'CreateLibrary1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await kit.createTable('shelves', [col.id(), col.text('label', { length: 100, unique: true })]);
    await kit.createTable(
      'books',
      [
        col.id(),
        col.ref('owner_id'),
        col.ref('shelf_id', { nullable: true }),
        col.text('title', { length: 100 }),
        col.int('pages'),
        col.bigint('bytes'),
        col.bigint('barcode'),
        col.bool('is_lent'),
        col.json('facts', { nullable: true }),
        col.int('loans'),
        col.time('due_at', { nullable: true }),
        col.version(),
        col.time('created_at'),
        col.time('updated_at'),
      ],
      {
        indexes: [{ columns: ['owner_id', 'title'], unique: true }],
        foreignKeys: [{ columns: ['shelf_id'], references: 'shelves', onDelete: 'RESTRICT' }],
      },
    );
    await runner.query(
      `CREATE TABLE readers (shelf_id uuid NOT NULL, person_id uuid NOT NULL, role varchar(20) NOT NULL,
         created_at ${runner.connection.options.type === 'postgres' ? 'timestamptz(3)' : 'text'} NOT NULL,
         PRIMARY KEY (shelf_id, person_id))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['readers', 'books', 'shelves']) await new MigrationKit(runner).dropTable(table);
  }
}

/** What the tests declare. */
export const LIBRARY: DomainDeclaration = {
  name: 'library',
  entities: [Shelf, Book, Reader],
  migrations: [CreateLibrary1700000000001],
};
