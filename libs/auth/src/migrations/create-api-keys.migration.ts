import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of API keys, with the indexes that serve the owner's list, the lookup by hash and the purge. */
export class CreateApiKeys1767225616100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'api_keys',
      [
        col.id(),
        col.ref('user_id'),
        col.text('name', { length: 100 }),
        col.text('prefix', { length: 32 }),
        col.text('key_hash', { length: 64, unique: true }),
        col.text('previous_hash', { length: 64, nullable: true, unique: true }),
        col.time('previous_expires_at', { nullable: true }),
        col.json('scopes'),
        col.bool('second_factor'),
        col.time('expires_at'),
        col.time('last_used_at', { nullable: true }),
        col.time('revoked_at', { nullable: true }),
        col.version(),
        col.time('created_at'),
        col.time('updated_at'),
      ],
      {
        indexes: [
          { columns: ['user_id', 'created_at', 'id'], where: '"revoked_at" IS NULL' },
          { columns: ['expires_at'] },
          { columns: ['revoked_at'], where: '"revoked_at" IS NOT NULL' },
        ],
        foreignKeys: [{ columns: ['user_id'], references: 'users', onDelete: 'CASCADE' }],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('api_keys');
  }
}
