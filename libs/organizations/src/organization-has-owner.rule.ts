import { Injectable } from '@nestjs/common';
import { Database, type Violation, IntegrityRule, statement } from '@platform/database';

const BATCH = 500;
const WITHOUT = statement(
  'organizations.organization-has-owner',
  `SELECT o.id FROM organizations o
   WHERE o.id > :after AND o.deleted_at IS NULL AND NOT EXISTS (
     SELECT 1 FROM organization_memberships m WHERE m.organization_id = o.id AND m.role = 'owner')
   ORDER BY o.id LIMIT :limit`,
);

/** Every organization has an owner. */
@Injectable()
export class OrganizationHasOwnerRule {
  constructor(private readonly database: Database) {}

  /** Each organization that nobody owns, by id, read in batches. */
  @IntegrityRule({
    id: 'organizations.organization-has-owner',
    severity: 'critical',
    summary: 'Every organization has an owner',
  })
  async *search(): AsyncGenerator<Violation> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows = await this.database.query<{ id: string }>(WITHOUT, { after, limit: BATCH });
      for (const { id } of rows) yield { table: 'organizations', id, description: 'The organization has no owner' };
      if (rows.length < BATCH) return;
      after = rows.at(-1)?.id ?? after;
    }
  }
}
