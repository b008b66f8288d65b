import { Injectable } from '@nestjs/common';
import { type User, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, personScope } from '@platform/kernel';
import { Events } from '@platform/queue';
import { MemberLeft, MemberRoleChanged, type OrganizationRole } from '../contract';
import { type Membership } from '../entities/membership.entity';
import { type Slice, type SliceQuery } from '../organization-page';
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
   *
   * @returns the page, the count of all and the cursor of the next
   * @throws OrganizationNotFound (404)
   * @throws ValidationFailed (422) for a cursor of another list
   */
  async page(actor: Actor, organizationId: string, query: SliceQuery): Promise<Slice<Member>> {
    await this.organizations.mustFind(actor, organizationId);
    const slice = await this.members.pageOf(organizationId, query);
    const users = await this.users.byIds(slice.items.map(({ userId }) => userId));
    return {
      ...slice,
      items: slice.items.map((membership) => ({ membership, user: users.get(membership.userId) })),
    };
  }

  /**
   * Give a member another role, as an owner. There may be several owners; the last one stays.
   *
   * @returns the member, and `MemberRoleChanged` if the role is another
   * @throws OrganizationNotFound (404)
   * @throws OrganizationRoleRequired (403)
   * @throws MemberNotFound (404)
   * @throws LastOwner (409)
   */
  @Transactional()
  async setRole(actor: Actor, organizationId: string, userId: string, role: OrganizationRole): Promise<Member> {
    const own = await this.organizations.mustLock(actor, organizationId);
    mustBeAtLeast('owner', own.role);
    const membership = await this.members.mustFind(organizationId, userId);
    await this.change(membership, role);
    return this.withUser(membership);
  }

  /**
   * End the membership of somebody: an owner that of anybody, an admin that of plain members, everybody the own one.
   *
   * Publishes `MemberLeft`: access ends at once.
   * @throws as {@link setRole}
   */
  @Transactional()
  async remove(actor: Actor, organizationId: string, userId: string): Promise<void> {
    const own = await this.organizations.mustLock(actor, organizationId);
    const isOneself = userId === personScope(actor);
    if (!isOneself) mustBeAtLeast('admin', own.role);
    const membership = await this.members.mustFind(organizationId, userId);
    if (!isOneself && membership.role !== 'member') mustBeAtLeast('owner', own.role);
    await this.mustStayOwned(membership);
    await this.members.remove(membership);
    await this.events.publish(new MemberLeft({ organization_id: organizationId, user_id: userId }));
    this.audit.note({ details: { user_id: userId, before: { role: membership.role } } });
  }

  /** Leave an organization. Success and failure: as {@link remove} of oneself. */
  leave(actor: Actor, organizationId: string): Promise<void> {
    return this.remove(actor, organizationId, personScope(actor));
  }

  /**
   * Hand an organization over, as its owner: the other member becomes an owner, the actor an admin.
   *
   * @returns the new owner, and `MemberRoleChanged` for both; a transfer to oneself changes nothing
   * @throws as {@link setRole}
   */
  @Transactional()
  async transfer(actor: Actor, organizationId: string, userId: string): Promise<Member> {
    const own = await this.organizations.mustLock(actor, organizationId);
    mustBeAtLeast('owner', own.role);
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
    membership.role = role;
    const { organizationId, userId } = membership;
    await this.events.publish(new MemberRoleChanged({ organization_id: organizationId, user_id: userId, role }));
    this.audit.note({ details: { user_id: userId, before: { role: before }, after: { role } } });
  }

  /** @throws LastOwner when the membership is that of the only owner */
  private async mustStayOwned({ organizationId, role, userId }: Membership): Promise<void> {
    if (role !== 'owner') return;
    if ((await this.members.count(organizationId, userId)).otherOwners === 0) throw new LastOwner();
  }

  private async withUser(membership: Membership): Promise<Member> {
    return { membership, user: (await this.users.byId(membership.userId)) ?? undefined };
  }
}
