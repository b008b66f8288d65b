import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Ways of sessions into the pages for admins; they go with their sessions. */
export class CreateBrowserSessions1795907820000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'browser_sessions',
      [
        col.id('session_id'),
        col.text('secret_hash', { length: 64, unique: true }),
        col.time('opened_at', { nullable: true }),
        col.time('expires_at'),
      ],
      { foreignKeys: [{ columns: ['session_id'], references: 'sessions', onDelete: 'CASCADE' }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('browser_sessions');
  }
}
