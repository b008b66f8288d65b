import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { GENESIS_HASH } from '../audit-chain';
import { AUDIT_LENGTHS, AUDIT_OUTCOMES } from '../entities/audit-row.entity';

/** The audit trail, its chain head, and the triggers that keep both from being rewritten. */
export class CreateAuditLogs1767225600200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await createTrail(kit);
    await kit.createTable('audit_heads', [
      col.text('name', { length: 50, primary: true }),
      col.bigint('sequence'),
      col.text('prev_hash', { length: 64 }),
      col.text('row_hash', { length: 64 }),
    ]);
    await kit.sql({
      both:
        `INSERT INTO "audit_heads" ("name", "sequence", "prev_hash", "row_hash") ` +
        `VALUES ('audit_logs', 0, '${GENESIS_HASH}', '${GENESIS_HASH}')`,
    });
    await kit.appendOnly('audit_logs');
    await refuseRetakenPlace(kit);
    await onlyForward(kit);
  }

  async down(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await kit.dropTable('audit_heads');
    await kit.sql({ postgres: 'DROP FUNCTION IF EXISTS "audit_heads_moves_forward" CASCADE' });
    await kit.dropTable('audit_logs');
  }
}

async function createTrail(kit: MigrationKit): Promise<void> {
  const columns = [
    col.id(),
    col.time('created_at'),
    col.bigint('sequence', { unique: true }),
    col.text('actor_id', { length: AUDIT_LENGTHS.actorId, nullable: true }),
    col.text('actor_email', { length: AUDIT_LENGTHS.actorEmail, nullable: true }),
    col.text('actor_role', { length: AUDIT_LENGTHS.actorRole, nullable: true }),
    col.text('impersonator_id', { length: AUDIT_LENGTHS.actorId, nullable: true }),
    col.text('action', { length: AUDIT_LENGTHS.action }),
    col.enum('outcome', AUDIT_OUTCOMES),
    col.text('description', { nullable: true }),
    col.text('resource_type', { length: AUDIT_LENGTHS.resourceType, nullable: true }),
    col.text('resource_id', { length: AUDIT_LENGTHS.resourceId, nullable: true }),
    col.json('details'),
    col.text('ip_address', { length: AUDIT_LENGTHS.ipAddress, nullable: true }),
    col.text('user_agent', { nullable: true }),
    col.text('request_id', { length: AUDIT_LENGTHS.requestId, nullable: true }),
    col.text('prev_hash', { length: 64 }),
    col.text('row_hash', { length: 64 }),
  ];
  const filtered = ['actor_id', 'impersonator_id', 'action', 'resource_type', 'resource_id'];
  await kit.createTable('audit_logs', columns, {
    indexes: [
      { columns: ['created_at'] },
      // Each list is newest first, so the position follows the filter.
      ...filtered.map((column) => ({ columns: [column, 'sequence'] })),
      { columns: ['request_id'] },
    ],
  });
}

/** As appendOnly refuses a replacement by `id`: no row may take the place of another in the chain. */
async function refuseRetakenPlace(kit: MigrationKit): Promise<void> {
  await kit.sql({
    sqlite:
      'CREATE TRIGGER "audit_logs_refuses_retaken_place" BEFORE INSERT ON "audit_logs" ' +
      'WHEN EXISTS (SELECT 1 FROM "audit_logs" WHERE "sequence" = NEW."sequence") ' +
      `BEGIN SELECT RAISE(ABORT, 'audit_logs is append-only'); END`,
  });
}

/** The head may only take the next step, so that rows cut off at the end stay missed. */
async function onlyForward(kit: MigrationKit): Promise<void> {
  const refusal = 'audit_heads only moves forward, one row at a time';
  const step = 'NEW."sequence" = OLD."sequence" + 1 AND NEW."prev_hash" = OLD."row_hash" AND NEW."name" = OLD."name"';
  await kit.sql({
    postgres:
      `CREATE FUNCTION "audit_heads_moves_forward"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ` +
      `IF TG_OP = 'UPDATE' AND ${step} THEN RETURN NEW; END IF; ` +
      `RAISE EXCEPTION '${refusal}' USING ERRCODE = '23514'; END $$`,
    sqlite:
      `CREATE TRIGGER "audit_heads_moves_forward" BEFORE UPDATE ON "audit_heads" WHEN NOT (${step}) ` +
      `BEGIN SELECT RAISE(ABORT, '${refusal}'); END`,
  });
  await kit.sql({
    postgres:
      'CREATE TRIGGER "audit_heads_moves_forward" BEFORE UPDATE OR DELETE ON "audit_heads" ' +
      'FOR EACH ROW EXECUTE FUNCTION "audit_heads_moves_forward"()',
    sqlite:
      'CREATE TRIGGER "audit_heads_refuses_delete" BEFORE DELETE ON "audit_heads" ' +
      `BEGIN SELECT RAISE(ABORT, '${refusal}'); END`,
  });
  await kit.sql({
    postgres:
      'CREATE TRIGGER "audit_heads_refuses_truncate" BEFORE TRUNCATE ON "audit_heads" ' +
      'FOR EACH STATEMENT EXECUTE FUNCTION "audit_heads_moves_forward"()',
    sqlite:
      'CREATE TRIGGER "audit_heads_refuses_insert" BEFORE INSERT ON "audit_heads" ' +
      `BEGIN SELECT RAISE(ABORT, '${refusal}'); END`,
  });
}
