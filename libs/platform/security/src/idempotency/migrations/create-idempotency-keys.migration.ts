import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { IDEMPOTENCY_STATES } from '../entities/idempotency-record.entity';

/** The keys of requests that may be sent twice, with the answers that are repeated. */
export class CreateIdempotencyKeys1767225600100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'idempotency_keys',
      [
        col.id(),
        col.text('scope', { length: 255 }),
        col.text('key', { length: 255 }),
        col.text('fingerprint', { length: 64 }),
        col.enum('state', IDEMPOTENCY_STATES),
        col.text('claim', { length: 36 }),
        col.time('locked_until'),
        col.int('status', { nullable: true }),
        col.json('headers', { nullable: true }),
        col.text('body', { nullable: true }),
        col.time('created_at'),
        col.time('expires_at'),
      ],
      { indexes: [{ columns: ['scope', 'key'], unique: true }, { columns: ['expires_at'] }] },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('idempotency_keys');
  }
}
