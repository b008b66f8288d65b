import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of wishes to be deleted, with the index that finds those that are due. */
export class CreateAccountDeletions1767225611000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'account_deletions',
      [
        col.id(),
        col.ref('user_id', { unique: true }),
        col.time('requested_at'),
        col.time('due_at'),
        col.time('blocked_at', { nullable: true }),
        col.time('erased_at', { nullable: true }),
      ],
      { indexes: [{ columns: ['due_at'], where: '"erased_at" IS NULL' }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('account_deletions');
  }
}
