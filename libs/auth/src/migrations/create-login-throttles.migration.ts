import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table that counts guesses. */
export class CreateLoginThrottles1767225616210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'login_throttles',
      [
        col.id(),
        col.text('subject', { length: 64, unique: true }),
        col.int('failures'),
        col.time('blocked_until', { nullable: true }),
        col.time('updated_at'),
      ],
      { indexes: [{ columns: ['updated_at'] }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('login_throttles');
  }
}
