import { Injectable } from '@nestjs/common';
import { type ErasureReport, SubjectData, Transactional } from '@platform/database';
import { Events, Jobs } from '@platform/queue';
import { EraseOrganization, MemberLeft, OrganizationDeleted } from './contract';
import { type Organization } from './entities/organization.entity';
import { InvitationRepository } from './invitations/invitation.repository';
import { MemberRepository } from './members/member.repository';
import { OrganizationRepository } from './organization.repository';

const BATCH = 100;
/** A request that was let in before the closing and writes after it has ended by then. */
const SECOND_LOOK_MS = 10 * 60_000;

/** Closes organizations: nobody gets in any more at once, and a job erases what they own. */
@Injectable()
export class OrganizationErasure {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly members: MemberRepository,
    private readonly invitations: InvitationRepository,
    private readonly subjectData: SubjectData,
    private readonly events: Events,
    private readonly jobs: Jobs,
  ) {}

  /** Close one that the caller holds, in the caller's transaction; `OrganizationDeleted`, and `MemberLeft` for each member. */
  async close(organization: Organization): Promise<void> {
    const { id } = organization;
    await this.organizations.close(organization);
    const userIds = await this.members.removeAll(id);
    await this.invitations.removeAll(id);
    for (const userId of userIds) await this.events.publish(new MemberLeft({ organization_id: id, user_id: userId }));
    await this.events.publish(new OrganizationDeleted({ organization_id: id }));
    await this.jobs.enqueue(EraseOrganization, { organization_id: id }, { key: id });
    await this.jobs.enqueue(EraseOrganization, { organization_id: id }, { key: `${id}:late`, delayMs: SECOND_LOOK_MS });
  }

  /**
   * Erase an organization with all that it owns, in one transaction. Safe twice: the second time looks for remains.
   * @returns how many rows are gone, by table; null for one that is open, which is left alone
   */
  @Transactional()
  async erase(organizationId: string): Promise<ErasureReport | null> {
    if (await this.organizations.findOpen(organizationId)) return null;
    return this.subjectData.erase('tenant', organizationId);
  }

  /** Close what a deleted account has left without a member; returns how many. */
  @Transactional()
  async closeAbandoned(): Promise<number> {
    const abandoned = await this.organizations.abandoned(BATCH);
    for (const organization of abandoned) await this.close(organization);
    return abandoned.length;
  }
}
