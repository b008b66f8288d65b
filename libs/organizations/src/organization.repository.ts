import { Injectable } from '@nestjs/common';
import { Database, likePattern, type Parameters, toDate } from '@platform/database';
import { type Actor, Clock, Ids, may, personScope } from '@platform/kernel';
import { Cursors } from '@platform/security';
import { type OrganizationRole } from './contract';
import { Organization } from './entities/organization.entity';
import { type Counted, type Slice, sliceOf, sliceParameters, type SliceQuery } from './organization-page';
import * as sql from './organization.statements';
import { OrganizationChanged, OrganizationNotFound } from './organizations.errors';

/** An organization as one of its members finds it. */
export interface OwnOrganization {
  readonly organization: Organization;
  /** The role of the member who asks. */
  readonly role: OrganizationRole;
}

/** An organization as an admin of the platform finds it. */
export interface CountedOrganization {
  readonly organization: Organization;
  readonly members: number;
}

/** Which slice of all organizations. */
export interface OrganizationPageQuery extends SliceQuery {
  /** Part of the name, in any case; taken literally. */
  search?: string;
}

/** Named queries on organizations. A lookup by an actor sees those that they belong to, as the person they are. */
@Injectable()
export class OrganizationRepository {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** One of the actor's organizations, with their role. @throws OrganizationNotFound when missing, deleted or others' */
  async mustFind(actor: Actor, id: string): Promise<OwnOrganization> {
    const [row] = await this.database.query<sql.OwnOrganizationRow>(sql.FIND_OWN, { id, user_id: personScope(actor) });
    if (!row) throw new OrganizationNotFound(id);
    return { organization: organizationOf(row), role: row.role };
  }

  /**
   * As {@link mustFind}, held until the transaction ends: whoever changes an organization, its members or invitations
   * holds it, so what is read after this is what will be changed.
   */
  async mustLock(actor: Actor, id: string): Promise<OwnOrganization> {
    // Who is no member holds nobody up.
    await this.mustFind(actor, id);
    await this.lock(id);
    // A statement of its own: the role as it is now that others have to wait.
    return this.mustFind(actor, id);
  }

  /** Hold an organization whoever asks, as {@link mustLock}; false when it is missing or deleted. */
  async lock(id: string): Promise<boolean> {
    return (await this.database.query(sql.LOCK, { id })).length > 0;
  }

  /** The actor's organizations, newest first. @throws ValidationFailed for a cursor of another list */
  async pageOf(actor: Actor, query: SliceQuery): Promise<Slice<OwnOrganization>> {
    const person = personScope(actor);
    const list = `organizations:${person}`;
    const after = this.cursors.read(list, query.cursor);
    const statement = after ? sql.PAGE_OWN_AFTER : sql.PAGE_OWN;
    const rows = await this.database.query<Counted<sql.OwnOrganizationRow>>(statement, {
      user_id: person,
      ...sliceParameters(query, after),
    });
    return sliceOf(rows, query, {
      list,
      cursors: this.cursors,
      map: (row) => ({ organization: organizationOf(row), role: row.role }),
      place: placeOf,
    });
  }

  /** All organizations that match, newest first; none for callers who may not list them. @throws ValidationFailed as {@link pageOf} */
  async pageVisibleTo(actor: Actor, query: OrganizationPageQuery): Promise<Slice<CountedOrganization>> {
    const { limit, search, skip } = query;
    const list = `all-organizations:${search ?? ''}`;
    const after = this.cursors.read(list, query.cursor);
    if (!may(actor, 'organizations.list_all')) return { items: [], total: 0, skip, limit, nextCursor: null };
    const statement = after ? sql.PAGE_ALL_AFTER : sql.PAGE_ALL;
    const rows = await this.database.query<Counted<sql.CountedOrganizationRow>>(statement, {
      pattern: likePattern(search),
      ...sliceParameters(query, after),
    });
    return sliceOf(rows, query, { list, cursors: this.cursors, map: countedOf, place: placeOf });
  }

  /** Any organization, for callers who may read it. @throws OrganizationNotFound to all others */
  async mustFindAny(actor: Actor, id: string): Promise<CountedOrganization> {
    const allowed = may(actor, 'organizations.read_any');
    const [row] = allowed ? await this.database.query<sql.CountedOrganizationRow>(sql.FIND_ANY, { id }) : [];
    if (!row) throw new OrganizationNotFound(id);
    return countedOf(row);
  }

  /** At most `limit` organizations that nobody belongs to. */
  async abandoned(limit: number): Promise<Organization[]> {
    return (await this.database.query<sql.OrganizationRow>(sql.ABANDONED, { limit })).map(organizationOf);
  }

  /** An organization that is not deleted, or null; for work that no member asked for. */
  async findOpen(id: string): Promise<Organization | null> {
    const [row] = await this.database.query<sql.CountedOrganizationRow>(sql.FIND_ANY, { id });
    return row ? organizationOf(row) : null;
  }

  /** Store a new organization. */
  async add(name: string, createdBy: string): Promise<Organization> {
    const organization = new Organization();
    organization.id = this.ids.next();
    organization.name = name;
    organization.createdBy = createdBy;
    organization.version = 1;
    organization.deletedAt = null;
    organization.createdAt = organization.updatedAt = this.clock.now();
    await this.database.execute(sql.INSERT, columnsOf(organization));
    return organization;
  }

  /** Store the changes of an organization. @throws OrganizationChanged when somebody else stored one since it was read */
  async save(organization: Organization): Promise<void> {
    organization.updatedAt = this.clock.now();
    const stored = await this.database.execute(sql.UPDATE, columnsOf(organization));
    if (stored === 0) throw new OrganizationChanged(organization.id);
    organization.version += 1;
  }

  /** Close an organization for good. */
  async delete(organization: Organization): Promise<void> {
    organization.deletedAt = this.clock.now();
    await this.save(organization);
  }
}

function placeOf({ organization }: { organization: Organization }): { key: string; id: string } {
  return { key: organization.createdAt.toISOString(), id: organization.id };
}

function countedOf(row: sql.CountedOrganizationRow): CountedOrganization {
  return { organization: organizationOf(row), members: Number(row.members) };
}

function organizationOf(row: sql.OrganizationRow): Organization {
  const organization = new Organization();
  organization.id = row.id;
  organization.name = row.name;
  organization.createdBy = row.created_by;
  organization.version = row.version;
  organization.deletedAt = row.deleted_at === null ? null : toDate(row.deleted_at);
  organization.createdAt = toDate(row.created_at);
  organization.updatedAt = toDate(row.updated_at);
  return organization;
}

function columnsOf(organization: Organization): Parameters {
  return {
    id: organization.id,
    name: organization.name,
    created_by: organization.createdBy,
    version: organization.version,
    deleted_at: organization.deletedAt,
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
  };
}
