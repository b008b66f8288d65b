import { Injectable } from '@nestjs/common';
import { type ErasureReport, SubjectData, Transactional } from '@platform/database';
import { OrganizationClosing } from './organization-closing';
import { OrganizationRepository } from './organization.repository';

const BATCH = 100;

/** Erases closed organizations, and closes those that nobody belongs to any more. */
@Injectable()
export class OrganizationErasure {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly closing: OrganizationClosing,
    private readonly subjectData: SubjectData,
  ) {}

  /**
   * Erase an organization with all that it owns, in one transaction. Safe twice: the second time looks for remains.
   *
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
    for (const organization of abandoned) await this.closing.close(organization);
    return abandoned.length;
  }
}
