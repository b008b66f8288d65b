import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The in-app inbox; stays empty outside of `local`. */
export class CreateMailboxMessages1767225600300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'mailbox_messages',
      [
        col.id(),
        col.time('created_at'),
        col.text('message_key', { length: 200, unique: true }),
        col.text('from_address'),
        col.text('to_address', { length: 320 }),
        col.text('subject'),
        col.text('template', { length: 50 }),
        col.text('html'),
        col.text('text'),
      ],
      { indexes: [{ columns: ['created_at'] }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('mailbox_messages');
  }
}
