import { Injectable } from '@nestjs/common';
import { Cache } from '@platform/cache';
import { Database, toDate } from '@platform/database';
import { Clock } from '@platform/kernel';
import { Cursors } from '@platform/security';
import { type OrganizationRole } from '../contract';
import { Membership } from '../entities/membership.entity';
import { type Counted, type Slice, sliceOf, sliceParameters, type SliceQuery } from '../organization-page';
import { MemberNotFound } from '../organizations.errors';
import { organizationTag } from '../organizations.tags';
import * as sql from './member.statements';

/** How many belong to an organization. */
export interface MemberCount {
  readonly members: number;
  /** Owners besides the person who was named. */
  readonly otherOwners: number;
}

/**
 * Named queries on memberships. Whoever changes one holds its organization (`mustLock`); every change is forgotten by
 * all caches, so that who was removed is out at once.
 */
@Injectable()
export class MemberRepository {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly cache: Cache,
    private readonly clock: Clock,
  ) {}

  /** The role of a person in an open organization; null when they have none. */
  async roleOf(organizationId: string, userId: string): Promise<OrganizationRole | null> {
    const parameters = { organization_id: organizationId, user_id: userId };
    const [row] = await this.database.query<{ role: OrganizationRole }>(sql.ROLE, parameters);
    return row?.role ?? null;
  }

  /** The open organizations that a person belongs to, by id. */
  async tenantsOf(userId: string): Promise<string[]> {
    return (await this.database.query<{ id: string }>(sql.TENANTS, { user_id: userId })).map(({ id }) => id);
  }

  /** A membership, or null. */
  async find(organizationId: string, userId: string): Promise<Membership | null> {
    const parameters = { organization_id: organizationId, user_id: userId };
    const [row] = await this.database.query<sql.MembershipRow>(sql.FIND, parameters);
    return row ? membershipOf(row) : null;
  }

  /** A membership. @throws MemberNotFound when there is none */
  async mustFind(organizationId: string, userId: string): Promise<Membership> {
    const membership = await this.find(organizationId, userId);
    if (!membership) throw new MemberNotFound(userId);
    return membership;
  }

  /** The members of an organization, in the order of joining. @throws ValidationFailed for a cursor of another list */
  async pageOf(organizationId: string, query: SliceQuery): Promise<Slice<Membership>> {
    const list = `members:${organizationId}`;
    const after = this.cursors.read(list, query.cursor);
    const rows = await this.database.query<Counted<sql.MembershipRow>>(after ? sql.PAGE_AFTER : sql.PAGE, {
      organization_id: organizationId,
      ...sliceParameters(query, after),
    });
    return sliceOf(rows, query, {
      list,
      cursors: this.cursors,
      map: membershipOf,
      place: ({ createdAt, userId }) => ({ key: createdAt.toISOString(), id: userId }),
    });
  }

  /** How many belong to it, and how many of them own it besides `userId`. */
  async count(organizationId: string, userId: string): Promise<MemberCount> {
    const parameters = { organization_id: organizationId, user_id: userId };
    const [row] = await this.database.query<Record<'members' | 'other_owners', number | string>>(sql.COUNT, parameters);
    return { members: Number(row?.members ?? 0), otherOwners: Number(row?.other_owners ?? 0) };
  }

  /**
   * The organizations that a person owns, held until the transaction ends. Those that the person has founded are held,
   * too: a deletion changes them, and whoever changes an organization and its rows holds it first.
   */
  async lockOwned(userId: string): Promise<{ id: string; name: string }[]> {
    const rows = await this.database.query<{ id: string; name: string; owns: boolean | number }>(sql.LOCK_OWNED, {
      user_id: userId,
    });
    return rows.filter(({ owns }) => Boolean(owns));
  }

  /** Make a person a member; false when they are one already. */
  async add(organizationId: string, userId: string, role: OrganizationRole): Promise<boolean> {
    const parameters = { organization_id: organizationId, user_id: userId, role, now: this.clock.now() };
    const added = (await this.database.execute(sql.INSERT, parameters)) > 0;
    this.forget(organizationId, userId);
    return added;
  }

  /** Give a member another role. */
  async setRole({ organizationId, userId }: Membership, role: OrganizationRole): Promise<void> {
    const parameters = { organization_id: organizationId, user_id: userId, role, now: this.clock.now() };
    await this.database.execute(sql.SET_ROLE, parameters);
    this.forget(organizationId, userId);
  }

  /** End a membership. */
  async remove({ organizationId, userId }: Membership): Promise<void> {
    await this.database.execute(sql.DELETE, { organization_id: organizationId, user_id: userId });
    this.forget(organizationId, userId);
  }

  /** End every membership of an organization; returns whose they were. */
  async removeAll(organizationId: string): Promise<string[]> {
    const parameters = { organization_id: organizationId };
    const rows = await this.database.query<{ user_id: string }>(sql.ALL_IDS, parameters);
    await this.database.execute(sql.DELETE_ALL, parameters);
    const userIds = rows.map((row) => row.user_id);
    this.cache.invalidateTag(organizationTag(organizationId));
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

function membershipOf(row: sql.MembershipRow): Membership {
  const membership = new Membership();
  membership.organizationId = row.organization_id;
  membership.userId = row.user_id;
  membership.role = row.role;
  membership.createdAt = toDate(row.created_at);
  membership.updatedAt = toDate(row.updated_at);
  return membership;
}
