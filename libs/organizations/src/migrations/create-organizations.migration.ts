import { col, MigrationKit } from '@platform/database';
import { type MigrationInterface, type QueryRunner } from 'typeorm';

const OF_AN_ORGANIZATION = { columns: ['organization_id'], references: 'organizations', onDelete: 'CASCADE' as const };
const OF_A_USER = { columns: ['user_id'], references: 'users', onDelete: 'CASCADE' as const };

/** The tables of organizations, who belongs to them, and who is invited. */
export class CreateOrganizations1767225618000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    await kit.createTable(
      'organizations',
      [
        col.id(),
        col.text('name', { length: 255 }),
        col.ref('created_by', { nullable: true }),
        col.version(),
        col.time('deleted_at', { nullable: true }),
        col.time('created_at'),
        col.time('updated_at'),
      ],
      { indexes: [{ columns: ['created_at', 'id'] }] },
    );
    await kit.createTable(
      'organization_memberships',
      [
        col.id('organization_id'),
        col.id('user_id'),
        col.enum('role', ['member', 'admin', 'owner']),
        col.time('created_at'),
        col.time('updated_at'),
      ],
      {
        indexes: [{ columns: ['user_id'] }, { columns: ['organization_id', 'created_at', 'user_id'] }],
        foreignKeys: [OF_AN_ORGANIZATION, OF_A_USER],
      },
    );
    await this.createInvitations(kit);
  }

  async down(runner: QueryRunner): Promise<void> {
    const kit = new MigrationKit(runner);
    for (const table of ['organization_invitations', 'organization_memberships', 'organizations']) {
      await kit.dropTable(table);
    }
  }

  private createInvitations(kit: MigrationKit): Promise<void> {
    return kit.createTable(
      'organization_invitations',
      [
        col.id(),
        col.ref('organization_id'),
        col.text('email', { length: 320 }),
        col.enum('role', ['member', 'admin']),
        col.text('token_hash', { length: 64, unique: true }),
        col.ref('invited_by', { nullable: true }),
        col.time('expires_at'),
        col.time('accepted_at', { nullable: true }),
        col.ref('accepted_by', { nullable: true }),
        col.time('revoked_at', { nullable: true }),
        col.version(),
        col.time('created_at'),
        col.time('updated_at'),
      ],
      {
        indexes: [
          {
            columns: ['organization_id', 'email'],
            unique: true,
            where: '"accepted_at" IS NULL AND "revoked_at" IS NULL',
          },
          { columns: ['organization_id', 'created_at', 'id'] },
          { columns: ['expires_at'] },
          { columns: ['email'] },
        ],
        foreignKeys: [OF_AN_ORGANIZATION],
      },
    );
  }
}
