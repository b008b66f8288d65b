import { Injectable } from '@nestjs/common';
import { type User, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, mapPage, type Page, type PageQuery, personScope } from '@platform/kernel';
import { Events } from '@platform/queue';
import { MemberLeft, MemberRoleChanged, type OrganizationRole } from '../contract';
import { type Membership } from '../entities/membership.entity';
import { mustBeAtLeast } from '../organization-rights';
import { OrganizationRepository } from '../organization.repository';
import { LastOwner } from '../organizations.errors';
import { MemberRepository } from './member.repository';

/** A membership with the account of its person. */
export interface Member {
  readonly membership: Membership;
  /** Undefined for an account that is being deleted. */
  readonly user: User | undefined;
}

/** Published operations on who belongs to an organization, and as what. */
@Injectable()
export class MembersService {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly members: MemberRepository,
    private readonly users: UserDirectory,
    private readonly events: Events,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A page of the members of one of the actor's organizations, in the order of joining.
   * @throws NotFound (404); ValidationFailed (422) for a cursor of another list
   */
  async page(actor: Actor, organizationId: string, query: PageQuery): Promise<Page<Member>> {
    await this.organizations.mustFind(actor, organizationId);
    const page = await this.members.pageOf(organizationId, query);
    const users = await this.users.byIds(page.items.map(({ userId }) => userId));
    return mapPage(page, (membership) => ({ membership, user: users.get(membership.userId) }));
  }

  /**
   * Give a member another role, as an owner; publishes `MemberRoleChanged` if it is another. There may be several owners;
   * the last one stays.
   * @throws NotFound (404) of the organization or the member; OrganizationRoleRequired (403); LastOwner (409)
   */
  @Transactional()
  async setRole(actor: Actor, organizationId: string, userId: string, role: OrganizationRole): Promise<Member> {
    await this.organizations.mustLock(actor, organizationId, 'owner');
    const membership = await this.members.mustFind(organizationId, userId);
    await this.change(membership, role);
    return this.withUser(membership);
  }

  /**
   * End the membership of somebody: an owner that of anybody, an admin that of plain members, everybody the own one.
   * Access ends at once; publishes `MemberLeft`.
   * @throws as {@link setRole}
   */
  @Transactional()
  async remove(actor: Actor, organizationId: string, userId: string): Promise<void> {
    const isOneself = userId === personScope(actor);
    const { role } = await this.organizations.mustLock(actor, organizationId, isOneself ? 'member' : 'admin');
    const membership = await this.members.mustFind(organizationId, userId);
    if (!isOneself && membership.role !== 'member') mustBeAtLeast('owner', role);
    await this.mustStayOwned(membership);
    await this.members.remove(membership);
    await this.events.publish(new MemberLeft({ organization_id: organizationId, user_id: userId }));
    this.audit.note({ details: { user_id: userId, before: { role: membership.role } } });
  }

  /** Leave an organization. @throws as {@link remove} */
  leave(actor: Actor, organizationId: string): Promise<void> {
    return this.remove(actor, organizationId, personScope(actor));
  }

  /**
   * Hand an organization over, as its owner: the other member becomes an owner, the actor an admin; publishes
   * `MemberRoleChanged` for both. A transfer to oneself changes nothing.
   * @returns the new owner
   * @throws as {@link setRole}
   */
  @Transactional()
  async transfer(actor: Actor, organizationId: string, userId: string): Promise<Member> {
    await this.organizations.mustLock(actor, organizationId, 'owner');
    const next = await this.members.mustFind(organizationId, userId);
    const present = await this.members.mustFind(organizationId, personScope(actor));
    if (next.userId !== present.userId) {
      await this.change(next, 'owner');
      await this.change(present, 'admin');
    }
    this.audit.note({ details: { from: present.userId, to: next.userId } });
    return this.withUser(next);
  }

  private async change(membership: Membership, role: OrganizationRole): Promise<void> {
    const before = membership.role;
    if (before === role) return;
    await this.mustStayOwned(membership);
    await this.members.setRole(membership, role);
    const { organizationId, userId } = membership;
    await this.events.publish(new MemberRoleChanged({ organization_id: organizationId, user_id: userId, role }));
    this.audit.note({ details: { user_id: userId, before: { role: before }, after: { role } } });
  }

  /** @throws LastOwner when the membership is that of the only owner */
  private async mustStayOwned({ organizationId, role, userId }: Membership): Promise<void> {
    if (role === 'owner' && !(await this.members.hasOtherOwner(organizationId, userId))) throw new LastOwner();
  }

  private async withUser(membership: Membership): Promise<Member> {
    return { membership, user: (await this.users.byId(membership.userId)) ?? undefined };
  }
}
