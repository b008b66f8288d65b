import { Injectable } from '@nestjs/common';
import { Cache } from '@platform/cache';
import { EntityStore, repositoryOf } from '@platform/database';
import { NotFound, type Page, type PageQuery } from '@platform/kernel';
import { type OrganizationRole } from '../contract';
import { Membership } from '../entities/membership.entity';
import { organizationTag } from '../organizations.tags';

const OPEN = 'EXISTS (SELECT 1 FROM organizations o WHERE o.id = organization_id AND o.deleted_at IS NULL)';

/**
 * Named queries on memberships. Whoever changes one holds its organization (`mustLock`); every change is forgotten by
 * all caches, so that somebody who was removed is out at once.
 */
@Injectable()
export class MemberRepository extends repositoryOf(Membership, { resource: 'Member' }) {
  private readonly one = this.rows('organization_id = :organization AND user_id = :person');
  private readonly openOne = this.one.and(OPEN);
  private readonly openOf = this.rows('user_id = :person').and(OPEN);
  private readonly members = this.rows('organization_id = :organization');
  // As the index is, the organization first.
  private readonly oldest = this.members.orderedBy('organization_id, created_at, user_id');
  private readonly otherOwners = this.members.and("role = 'owner' AND user_id <> :person");
  private readonly settingRole = this.statement(
    'set_role',
    `UPDATE organization_memberships SET role = :role, updated_at = :now
     WHERE organization_id = :organization AND user_id = :person`,
  );

  constructor(
    store: EntityStore,
    private readonly cache: Cache,
  ) {
    super(store);
  }

  /** The role of a person in an open organization; null when they have none. */
  async roleOf(organization: string, person: string): Promise<OrganizationRole | null> {
    return (await this.openOne.one({ organization, person }))?.role ?? null;
  }

  /** The open organizations that a person belongs to, by id. */
  async tenantsOf(person: string): Promise<string[]> {
    return (await this.openOf.all({ person })).map(({ organizationId }) => organizationId).toSorted();
  }

  /** A membership, or null. */
  find(organization: string, person: string): Promise<Membership | null> {
    return this.one.one({ organization, person });
  }

  /** A membership. @throws NotFound when there is none */
  async mustFind(organization: string, person: string): Promise<Membership> {
    const membership = await this.find(organization, person);
    if (!membership) throw new NotFound('Member', person);
    return membership;
  }

  /** The members of an organization, in the order of joining. @throws ValidationFailed for a cursor of another list */
  pageOf(organization: string, query: PageQuery): Promise<Page<Membership>> {
    return this.oldest.page({ organization }, query);
  }

  /** How many belong to it. */
  count(organization: string): Promise<number> {
    return this.members.count({ organization });
  }

  /** Whether somebody besides the person owns it. */
  async hasOtherOwner(organization: string, person: string): Promise<boolean> {
    return (await this.otherOwners.count({ organization, person })) > 0;
  }

  /** Make a person a member; one who is so already stays as they are. */
  async join(organizationId: string, userId: string, role: OrganizationRole): Promise<void> {
    await this.addUnlessTaken({ organizationId, userId, role });
    this.forget(organizationId, userId);
  }

  /** Give a member another role. */
  async setRole(membership: Membership, role: OrganizationRole): Promise<void> {
    const { organizationId: organization, userId: person } = membership;
    await this.database.execute(this.settingRole, { organization, person, role, now: this.store.clock.now() });
    membership.role = role;
    this.forget(organization, person);
  }

  /** End a membership. */
  override async remove(membership: Membership): Promise<void> {
    await super.remove(membership);
    this.forget(membership.organizationId, membership.userId);
  }

  /** End every membership of an organization; returns whose they were. */
  async removeAll(organization: string): Promise<string[]> {
    const userIds = (await this.members.all({ organization })).map(({ userId }) => userId).toSorted();
    await this.members.deleteAll({ organization });
    this.cache.invalidateTag(organizationTag(organization));
    for (const userId of userIds) this.cache.invalidate(tenantsKey(userId));
    return userIds;
  }

  private forget(organizationId: string, userId: string): void {
    this.cache.invalidate(roleKey(organizationId, userId));
    this.cache.invalidate(tenantsKey(userId));
  }
}

/** Cache key of the organizations of a person. */
export function tenantsKey(userId: string): string {
  return `organizations.of:${userId}`;
}

/** Cache key of the role of a person in an organization. */
export function roleKey(organizationId: string, userId: string): string {
  return `organizations.role:${organizationId}:${userId}`;
}
