import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

const OF_A_USER = { columns: ['user_id'], references: 'users', onDelete: 'CASCADE' as const };

/** The tables of second factors: authenticators and recovery codes. */
export class CreateSecondFactors1767225616220 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await kit.createTable(
      'second_factors',
      [
        col.id('user_id'),
        col.text('sealed_secret', { length: 255 }),
        col.int('last_step', { nullable: true }),
        col.time('created_at'),
        col.time('confirmed_at', { nullable: true }),
      ],
      { foreignKeys: [OF_A_USER] },
    );
    await kit.createTable(
      'recovery_codes',
      [
        col.id(),
        col.ref('user_id'),
        col.text('code_hash', { length: 64 }),
        col.time('created_at'),
        col.time('used_at', { nullable: true }),
      ],
      { indexes: [{ columns: ['user_id', 'code_hash'], unique: true }], foreignKeys: [OF_A_USER] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await kit.dropTable('recovery_codes');
    await kit.dropTable('second_factors');
  }
}
