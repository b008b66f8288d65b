import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The table of accounts. */
export class CreateUsers1767225610000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'users',
      [
        col.id(),
        col.text('email', { length: 320, unique: true }),
        col.text('full_name', { length: 255, nullable: true }),
        col.text('avatar_url', { length: 2048, nullable: true }),
        col.enum('role', ['user', 'admin', 'superadmin'], { default: 'user' }),
        col.bool('is_active', { default: true }),
        col.enum(
          'subscription_status',
          ['active', 'trialing', 'past_due', 'incomplete', 'canceled', 'incomplete_expired', 'unpaid', 'paused'],
          { nullable: true },
        ),
        col.enum('subscription_plan', ['free', 'pro', 'enterprise'], { nullable: true }),
        col.text('stripe_customer_id', { length: 255, nullable: true, unique: true }),
        col.text('apple_original_transaction_id', { length: 255, nullable: true, unique: true }),
        col.text('google_purchase_token', { length: 512, nullable: true, unique: true }),
        col.time('email_verified_at', { nullable: true }),
        col.time('last_login_at', { nullable: true }),
        col.int('login_count', { default: 0 }),
        col.version(),
        col.time('created_at'),
        col.time('updated_at'),
      ],
      { indexes: [{ columns: ['created_at', 'id'] }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('users');
  }
}
