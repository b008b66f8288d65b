import { Injectable } from '@nestjs/common';
import { userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { Tenancy } from '@platform/security';
import { MemberRepository, roleKey, tenantsKey } from './members/member.repository';
import { organizationTag } from './organizations.tags';

/** Longest that a change of a membership may go unnoticed in a process that no invalidation reaches, milliseconds. */
const ROLE_TTL_MS = 5_000;

/** Tells the platform whom people act for: organizations that they are members of. With a warm cache without a query. */
@Injectable()
export class OrganizationTenancy extends Tenancy {
  constructor(
    private readonly members: MemberRepository,
    private readonly cache: Cache,
  ) {
    super();
  }

  /** As of now in this process, and in every other that hears invalidations; at most five seconds old in one that does not. */
  roleIn(tenantId: string, personId: string): Promise<string | null> {
    return this.cache.getOrCompute(
      roleKey(tenantId, personId),
      ROLE_TTL_MS,
      () => this.members.roleOf(tenantId, personId),
      { tags: [organizationTag(tenantId), userTag(personId)] },
    );
  }

  /** As {@link roleIn}. */
  tenantsOf(personId: string): Promise<readonly string[]> {
    return this.cache.getOrCompute(tenantsKey(personId), ROLE_TTL_MS, () => this.members.tenantsOf(personId), {
      tags: [userTag(personId)],
    });
  }
}
