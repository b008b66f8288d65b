import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The keys that sign access tokens. */
export class CreateSigningKeys1767225616000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'signing_keys',
      [
        col.id('kid'),
        col.json('public_jwk'),
        col.text('sealed_private_jwk'),
        col.time('created_at'),
        col.time('signs_from'),
        col.time('retires_at', { nullable: true }),
      ],
      { indexes: [{ columns: ['retires_at'] }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('signing_keys');
  }
}
