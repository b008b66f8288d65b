import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Guesses are counted by network and device, too, and a count begins anew after a day. */
export class CountGuessesByNetwork1767225616310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await kit.addColumn('login_throttles', col.text('target', { length: 64, nullable: true }));
    await kit.addColumn('login_throttles', col.time('began_at', { nullable: true }));
    await kit.createIndex('login_throttles', { columns: ['target'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await kit.dropColumn('login_throttles', 'target');
    await kit.dropColumn('login_throttles', 'began_at');
  }
}
