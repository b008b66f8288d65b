import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, personScope } from '@platform/kernel';
import { Events } from '@platform/queue';
import { MemberJoined, OrganizationCreated, OrganizationUpdated } from './contract';
import { type OrganizationChanges } from './entities/organization.entity';
import { MemberRepository } from './members/member.repository';
import { OrganizationClosing } from './organization-closing';
import { type Slice, type SliceQuery } from './organization-page';
import { mustBeAtLeast } from './organization-rights';
import {
  type CountedOrganization,
  type OrganizationPageQuery,
  OrganizationRepository,
  type OwnOrganization,
} from './organization.repository';
import { OrganizationChanged } from './organizations.errors';

/** Published operations on organizations. The actor acts as the person they are, whomever they act for. */
@Injectable()
export class OrganizationsService {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly members: MemberRepository,
    private readonly closing: OrganizationClosing,
    private readonly events: Events,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A page of the organizations that the actor belongs to, newest first.
   *
   * @returns the page, the count of all and the cursor of the next
   * @throws ValidationFailed (422) for a cursor of another list
   */
  page(actor: Actor, query: SliceQuery): Promise<Slice<OwnOrganization>> {
    return this.organizations.pageOf(actor, query);
  }

  /**
   * One organization that the actor belongs to, with their role in it.
   *
   * @returns the organization
   * @throws OrganizationNotFound (404) when it is missing, deleted or others'
   */
  read(actor: Actor, id: string): Promise<OwnOrganization> {
    return this.organizations.mustFind(actor, id);
  }

  /**
   * Found an organization that the actor owns.
   *
   * @returns the stored organization, `OrganizationCreated` and `MemberJoined`
   */
  @Transactional()
  async create(actor: Actor, input: { name: string }): Promise<OwnOrganization> {
    const person = personScope(actor);
    const organization = await this.organizations.add(input.name, person);
    await this.members.add(organization.id, person, 'owner');
    const facts = { organization_id: organization.id };
    await this.events.publish(new OrganizationCreated(facts));
    await this.events.publish(new MemberJoined({ ...facts, user_id: person, role: 'owner' }));
    this.audit.note({ resourceType: 'organization', resourceId: organization.id, details: { after: { ...input } } });
    return { organization, role: 'owner' };
  }

  /**
   * Change an organization as its admin or owner; `changes` without a difference change nothing.
   *
   * @returns the organization as stored, and `OrganizationUpdated`
   * @throws OrganizationNotFound (404)
   * @throws OrganizationRoleRequired (403)
   * @throws OrganizationChanged (412) when `version` is given and is not the present one
   */
  @Transactional()
  async update(actor: Actor, id: string, changes: OrganizationChanges, version?: number): Promise<OwnOrganization> {
    const found = await this.organizations.mustLock(actor, id);
    mustBeAtLeast('admin', found.role);
    const { organization } = found;
    if (version !== undefined && version !== organization.version) throw new OrganizationChanged(id);
    const before = { name: organization.name };
    const changed = organization.change(changes);
    if (changed.length === 0) return found;
    await this.organizations.save(organization);
    await this.events.publish(new OrganizationUpdated({ organization_id: id, changed }));
    this.audit.note({ details: { before, after: { name: organization.name } } });
    return found;
  }

  /**
   * Delete an organization as its owner: all members are out at once, and a job erases all that it owns.
   *
   * Publishes `OrganizationDeleted` and `MemberLeft` for each member.
   * @throws as {@link update}
   */
  @Transactional()
  async delete(actor: Actor, id: string, version?: number): Promise<void> {
    const { organization, role } = await this.organizations.mustLock(actor, id);
    mustBeAtLeast('owner', role);
    if (version !== undefined && version !== organization.version) throw new OrganizationChanged(id);
    await this.closing.close(organization);
    this.audit.note({ details: { before: { name: organization.name } } });
  }

  /**
   * A page of all organizations, newest first, for callers who may list them; empty for all others.
   *
   * Success and failure: as {@link page}.
   */
  pageAll(actor: Actor, query: OrganizationPageQuery): Promise<Slice<CountedOrganization>> {
    return this.organizations.pageVisibleTo(actor, query);
  }

  /**
   * Any organization, for callers who may read it.
   *
   * @returns the organization with the number of its members
   * @throws OrganizationNotFound (404)
   */
  readAny(actor: Actor, id: string): Promise<CountedOrganization> {
    return this.organizations.mustFindAny(actor, id);
  }
}
