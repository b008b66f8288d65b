import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of people who came back from a provider and have not been let in yet. */
export class CreateSocialSignIns1767225616300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'social_sign_ins',
      [
        col.id(),
        col.text('code_hash', { length: 64, unique: true }),
        col.text('provider', { length: 64 }),
        col.ref('user_id'),
        col.text('subject', { length: 255, nullable: true }),
        col.text('code_challenge', { length: 64, nullable: true }),
        col.time('created_at'),
        col.time('expires_at'),
      ],
      {
        indexes: [{ columns: ['expires_at'] }, { columns: ['user_id'] }],
        foreignKeys: [{ columns: ['user_id'], references: 'users', onDelete: 'CASCADE' }],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('social_sign_ins');
  }
}
