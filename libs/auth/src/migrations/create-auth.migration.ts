import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

const OF_A_USER = { columns: ['user_id'], references: 'users', onDelete: 'CASCADE' as const };

/** The tables of sign-ins: identities, passwords, sessions and their refresh tokens. */
export class CreateAuth1767225615000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await kit.createTable(
      'user_identities',
      [
        col.id(),
        col.text('provider', { length: 64 }),
        col.text('subject', { length: 255 }),
        col.ref('user_id'),
        col.time('created_at'),
      ],
      {
        indexes: [{ columns: ['provider', 'subject'], unique: true }, { columns: ['user_id'] }],
        foreignKeys: [OF_A_USER],
      },
    );
    await kit.createTable(
      'local_credentials',
      [col.id('user_id'), col.text('password_hash', { length: 512 }), col.time('created_at'), col.time('updated_at')],
      { foreignKeys: [OF_A_USER] },
    );
    await kit.createTable(
      'sessions',
      [
        col.id(),
        col.ref('user_id'),
        col.text('user_agent', { length: 255, nullable: true }),
        col.text('client_address', { length: 45, nullable: true }),
        col.text('method', { length: 64 }),
        col.time('authenticated_at'),
        col.time('second_factor_at', { nullable: true }),
        col.ref('tenant_id', { nullable: true }),
        col.time('created_at'),
        col.time('refreshed_at'),
        col.time('expires_at'),
        col.time('ended_at', { nullable: true }),
        col.enum('end_reason', ['logout', 'revoked', 'reuse', 'deactivated', 'password_changed'], { nullable: true }),
      ],
      {
        indexes: [{ columns: ['user_id'] }, { columns: ['expires_at'] }],
        foreignKeys: [OF_A_USER],
      },
    );
    await kit.createTable(
      'refresh_tokens',
      [
        col.id(),
        col.ref('session_id'),
        col.text('token_hash', { length: 64, unique: true }),
        col.time('created_at'),
        col.time('expires_at'),
        col.time('rotated_at', { nullable: true }),
      ],
      {
        indexes: [{ columns: ['session_id'] }, { columns: ['expires_at'] }],
        foreignKeys: [{ columns: ['session_id'], references: 'sessions', onDelete: 'CASCADE' }],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    for (const table of ['refresh_tokens', 'sessions', 'local_credentials', 'user_identities']) {
      await kit.dropTable(table);
    }
  }
}
