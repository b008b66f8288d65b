import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of projects, with the index that serves the owner's list. */
export class CreateProjects1767225620000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'projects',
      [
        col.id(),
        col.text('name', { length: 255 }),
        col.text('description', { length: 2000, nullable: true }),
        col.ref('owner_id'),
        col.version(),
        col.time('deleted_at', { nullable: true }),
        col.time('created_at'),
        col.time('updated_at'),
      ],
      {
        indexes: [
          { columns: ['owner_id', 'created_at', 'id'], where: '"deleted_at" IS NULL' },
          { columns: ['deleted_at'], where: '"deleted_at" IS NOT NULL' },
        ],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('projects');
  }
}
