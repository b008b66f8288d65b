import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of tokens that are good once. */
export class CreateOneTimeTokens1767225616200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'one_time_tokens',
      [
        col.id(),
        col.ref('user_id'),
        col.enum('purpose', ['verify_email', 'reset_password', 'magic_link', 'second_factor']),
        col.text('token_hash', { length: 64, unique: true }),
        col.text('email', { length: 320 }),
        col.int('attempts', { default: 0 }),
        col.time('created_at'),
        col.time('expires_at'),
        col.time('used_at', { nullable: true }),
      ],
      {
        indexes: [{ columns: ['user_id', 'purpose'] }, { columns: ['expires_at'] }],
        foreignKeys: [{ columns: ['user_id'], references: 'users', onDelete: 'CASCADE' }],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('one_time_tokens');
  }
}
