import { Injectable } from '@nestjs/common';
import { contains, numberOf, repositoryOf, textOf } from '@platform/database';
import {
  type Actor,
  emptyPage,
  may,
  NotFound,
  type Page,
  type PageQuery,
  personScope,
  PreconditionFailed,
} from '@platform/kernel';
import { type OrganizationRole } from './contract';
import { Organization } from './entities/organization.entity';
import { mustBeAtLeast } from './organization-rights';

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

/** Which page of all organizations. */
export interface OrganizationQuery extends PageQuery {
  /** Part of the name, in any case; taken literally. */
  readonly search?: string;
}

const MEMBERSHIPS = 'FROM organization_memberships m WHERE m.organization_id = organizations.id';
const OWNS = `EXISTS (SELECT 1 ${MEMBERSHIPS} AND m.user_id = :person AND m.role = 'owner')`;

/** Named queries on organizations. A lookup by an actor sees those that they belong to, as the person they are. */
@Injectable()
export class OrganizationRepository extends repositoryOf(Organization) {
  private readonly open = this.rows('deleted_at IS NULL');
  private readonly own = this.rows('m.user_id = :person AND organizations.deleted_at IS NULL', {
    as: 'organization',
    join: 'JOIN organization_memberships m ON m.organization_id = organizations.id',
    beside: { role: textOf<OrganizationRole>('m.role') },
  });
  private readonly ownNewest = this.own.orderedBy('created_at DESC');
  private readonly counted = this.rows('deleted_at IS NULL', {
    as: 'organization',
    beside: { members: numberOf(`(SELECT COUNT(*) ${MEMBERSHIPS})`) },
  });
  private readonly countedNewest = this.counted
    .filteredBy({ search: contains('name', 'search') })
    .orderedBy('created_at DESC');
  private readonly empty = this.open.and(`NOT EXISTS (SELECT 1 ${MEMBERSHIPS})`).orderedBy('id');

  // Those that the person has founded, too: a deletion changes them, and whoever changes one holds it first.
  private readonly lockingOwned = this.statement('lock_owned', {
    postgres: `${this.ownedSql()} FOR UPDATE OF organizations`,
    sqlite: this.ownedSql(),
  });

  /** One of the actor's organizations, with their role. @throws NotFound; OrganizationRoleRequired below `needed` */
  async mustFind(actor: Actor, id: string, needed: OrganizationRole = 'member'): Promise<OwnOrganization> {
    const own = await this.own.mustFind({ id, person: personScope(actor) });
    mustBeAtLeast(needed, own.role);
    return own;
  }

  /**
   * As {@link mustFind}, held until the transaction ends: whoever changes an organization, its members or invitations
   * holds it, so what is read after this is what will be changed.
   * @throws PreconditionFailed when `version` is not the present one
   */
  async mustLock(
    actor: Actor,
    id: string,
    needed: OrganizationRole = 'member',
    version?: number,
  ): Promise<OwnOrganization> {
    // Callers who are no member hold nobody up.
    await this.mustFind(actor, id);
    await this.hasLocked(id);
    // A statement of its own: the role as it is now that others have to wait.
    const own = await this.mustFind(actor, id, needed);
    if (version !== undefined && version !== own.organization.version) throw new PreconditionFailed('Organization', id);
    return own;
  }

  /** Hold an organization whoever asks, as {@link mustLock}; false when it is missing or deleted. */
  async hasLocked(id: string): Promise<boolean> {
    return (await this.open.lock({ id })) !== null;
  }

  /** The actor's organizations, newest first. @throws ValidationFailed for a cursor of another list */
  pageOf(actor: Actor, query: PageQuery): Promise<Page<OwnOrganization>> {
    return this.ownNewest.page({ person: personScope(actor) }, query);
  }

  /** All that match, newest first; none for callers who may not list them. @throws ValidationFailed as {@link pageOf} */
  async pageVisibleTo(actor: Actor, query: OrganizationQuery): Promise<Page<CountedOrganization>> {
    return may(actor, 'organizations.list_all') ? this.countedNewest.page({}, query) : emptyPage(query);
  }

  /** Any organization, for callers who may read it. @throws NotFound to all others */
  async mustFindAny(actor: Actor, id: string): Promise<CountedOrganization> {
    if (!may(actor, 'organizations.read_any')) throw new NotFound('Organization', id);
    return this.counted.mustFind({ id });
  }

  /** At most `limit` organizations that nobody belongs to. */
  abandoned(limit: number): Promise<Organization[]> {
    return this.empty.take({}, limit);
  }

  /** An organization that is not deleted, or null; for work that no member asked for. */
  findOpen(id: string): Promise<Organization | null> {
    return this.open.find({ id });
  }

  /** The organizations that a person owns, held until the transaction ends. */
  async lockOwned(person: string): Promise<Organization[]> {
    const rows = await this.database.query(this.lockingOwned, { person });
    return rows.filter(({ owns }) => Boolean(owns)).map(this.table.read);
  }

  /** Close an organization for good. */
  async close(organization: Organization): Promise<void> {
    organization.deletedAt = this.store.clock.now();
    await this.save(organization);
  }

  private ownedSql(): string {
    return `SELECT ${this.table.selected()}, ${OWNS} AS owns FROM organizations
      WHERE deleted_at IS NULL AND (created_by = :person OR ${OWNS}) ORDER BY id`;
  }
}
