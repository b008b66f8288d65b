import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { DeletionBlockers, FirstProofs, UsersModule } from '@omni/users';
import { Domain } from '@platform/kernel';
import { Tenancy } from '@platform/security';
import * as contract from './contract';
import { Invitation } from './entities/invitation.entity';
import { Membership } from './entities/membership.entity';
import { Organization } from './entities/organization.entity';
import { AcceptancesService } from './invitations/acceptances.service';
import { InvitationTokens } from './invitations/invitation-tokens';
import { InvitationRepository } from './invitations/invitation.repository';
import { InvitationsService } from './invitations/invitations.service';
import { MemberRepository } from './members/member.repository';
import { MembersService } from './members/members.service';
import { OwnershipBlocker } from './members/ownership-blocker';
import { CreateOrganizations1767225618000 } from './migrations/create-organizations.migration';
import { OrganizationErasure } from './organization-erasure';
import { OrganizationHasOwnerRule } from './organization-has-owner.rule';
import { OrganizationRepository } from './organization.repository';
import { OrganizationTenancy } from './organization.tenancy';
import { OrganizationsConfig } from './organizations.config';
import { OrganizationsService } from './organizations.service';
import { ACCEPT_INVITATION_PAGE } from './organizations.pages';
import { Seats } from './invitations/seats';

/** What the entry points use. */
const EXPORTED = [
  OrganizationsService,
  MembersService,
  InvitationsService,
  AcceptancesService,
  OrganizationErasure,
  OrganizationRepository,
  InvitationRepository,
  InvitationTokens,
];

/** Core of organizations. Global, because it binds the port that tells whom people act for. */
@Global()
@Module({
  imports: [UsersModule],
  providers: [
    ...EXPORTED,
    MemberRepository,
    OwnershipBlocker,
    Seats,
    { provide: Tenancy, useClass: OrganizationTenancy },
  ],
  exports: [...EXPORTED, Tenancy],
})
@Domain({
  name: 'organizations',
  contract,
  entities: [Organization, Membership, Invitation],
  migrations: [CreateOrganizations1767225618000],
  settings: [OrganizationsConfig],
  subjects: ['organizations'],
  pages: [ACCEPT_INVITATION_PAGE],
  integrity: [OrganizationHasOwnerRule],
})
export class OrganizationsModule implements OnModuleInit {
  constructor(
    private readonly blockers: DeletionBlockers,
    private readonly ownership: OwnershipBlocker,
    private readonly proofs: FirstProofs,
    private readonly invitations: InvitationRepository,
  ) {}

  /** Accounts that an organization cannot do without stay; an invitation that was sent before an address was proved is off. */
  onModuleInit(): void {
    this.blockers.register(this.ownership);
    this.proofs.register({
      tables: ['organization_invitations'],
      what: 'invitations to organizations',
      end: (userId) => this.invitations.revokeSentBy(userId),
    });
  }
}
