import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { applyChanges, changeableValues, Transactional } from '@platform/database';
import { type Actor, type Page, type PageQuery, personScope } from '@platform/kernel';
import { Events } from '@platform/queue';
import { MemberJoined, OrganizationCreated, OrganizationUpdated } from './contract';
import { type NewOrganization, type OrganizationChanges } from './entities/organization.entity';
import { MemberRepository } from './members/member.repository';
import { OrganizationErasure } from './organization-erasure';
import {
  type CountedOrganization,
  type OrganizationQuery,
  OrganizationRepository,
  type OwnOrganization,
} from './organization.repository';

/** Published operations on organizations. The actor acts as the person they are, whomever they act for. */
@Injectable()
export class OrganizationsService {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly members: MemberRepository,
    private readonly erasure: OrganizationErasure,
    private readonly events: Events,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A page of the organizations that the actor belongs to, newest first.
   * @throws ValidationFailed (422) for a cursor of another list
   */
  page(actor: Actor, query: PageQuery): Promise<Page<OwnOrganization>> {
    return this.organizations.pageOf(actor, query);
  }

  /** One organization that the actor belongs to, with their role in it. @throws NotFound (404), also when deleted or others' */
  read(actor: Actor, id: string): Promise<OwnOrganization> {
    return this.organizations.mustFind(actor, id);
  }

  /** Found an organization that the actor owns; publishes `OrganizationCreated` and `MemberJoined`. */
  @Transactional()
  async create(actor: Actor, { name }: NewOrganization): Promise<OwnOrganization> {
    const person = personScope(actor);
    const organization = await this.organizations.add({ name, createdBy: person });
    await this.members.join(organization.id, person, 'owner');
    const facts = { organization_id: organization.id };
    await this.events.publish(new OrganizationCreated(facts));
    await this.events.publish(new MemberJoined({ ...facts, user_id: person, role: 'owner' }));
    const details = { after: changeableValues(organization) };
    this.audit.note({ resourceType: 'organization', resourceId: organization.id, details });
    return { organization, role: 'owner' };
  }

  /**
   * Change an organization as its admin or owner; publishes `OrganizationUpdated` when something differs.
   * @throws NotFound (404); OrganizationRoleRequired (403); PreconditionFailed (412) when `version` is given and is not
   * the present one
   */
  @Transactional()
  async update(actor: Actor, id: string, changes: OrganizationChanges, version?: number): Promise<OwnOrganization> {
    const own = await this.organizations.mustLock(actor, id, 'admin', version);
    const { organization } = own;
    const before = changeableValues(organization);
    const changed = applyChanges(organization, changes);
    if (changed.length === 0) return own;
    await this.organizations.save(organization);
    await this.events.publish(new OrganizationUpdated({ organization_id: id, changed }));
    this.audit.note({ details: { before, after: changeableValues(organization) } });
    return own;
  }

  /**
   * Delete an organization as its owner: all members are out at once, and a job erases all that it owns. Publishes
   * `OrganizationDeleted` and `MemberLeft` for each member.
   * @throws as {@link update}
   */
  @Transactional()
  async delete(actor: Actor, id: string, version?: number): Promise<void> {
    const { organization } = await this.organizations.mustLock(actor, id, 'owner', version);
    await this.erasure.close(organization);
    this.audit.note({ details: { before: changeableValues(organization) } });
  }

  /** A page of all organizations, newest first; empty for callers who may not list them. @throws as {@link page} */
  pageAll(actor: Actor, query: OrganizationQuery): Promise<Page<CountedOrganization>> {
    return this.organizations.pageVisibleTo(actor, query);
  }

  /** Any organization with the number of its members, for callers who may read it. @throws NotFound (404) */
  readAny(actor: Actor, id: string): Promise<CountedOrganization> {
    return this.organizations.mustFindAny(actor, id);
  }
}
