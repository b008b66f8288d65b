import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The ledger of jobs, events and ticks. */
export class CreateJobs1763800020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).createTable(
      'jobs',
      [
        col.id(),
        col.enum('kind', ['job', 'event', 'listener', 'cron']),
        col.text('name', { length: 200 }),
        col.text('key', { length: 300, nullable: true }),
        col.json('payload'),
        col.json('context'),
        col.enum('state', ['pending', 'dispatched', 'running', 'done', 'dead']),
        col.int('attempts', { default: 0 }),
        col.int('max_attempts'),
        col.int('crashes', { default: 0 }),
        col.int('claims', { default: 0 }),
        col.time('run_at'),
        col.text('locked_by', { length: 120, nullable: true }),
        col.time('locked_until', { nullable: true }),
        col.time('dispatched_at', { nullable: true }),
        col.time('started_at', { nullable: true }),
        col.time('finished_at', { nullable: true }),
        col.text('last_error', { nullable: true }),
        col.json('result', { nullable: true }),
        col.time('created_at'),
      ],
      {
        indexes: [
          { columns: ['name', 'key'], unique: true },
          // Serves the claim, in its order; also finds running rows, which are few.
          { columns: ['state', 'run_at', 'id'] },
          { columns: ['state', 'finished_at'] },
        ],
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await new MigrationKit(runner).dropTable('jobs');
  }
}
