import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { DeletionBlockers, FirstProofs, UsersModule } from '@omni/users';
import { Domain } from '@platform/kernel';
import { Tenancy } from '@platform/security';
import {
  EraseOrganization,
  MemberJoined,
  MemberLeft,
  MemberRoleChanged,
  OrganizationCreated,
  OrganizationDeleted,
  organizationsPermissions,
  OrganizationUpdated,
  SendInvitationMail,
} from './contract';
import { Invitation } from './entities/invitation.entity';
import { Membership } from './entities/membership.entity';
import { Organization } from './entities/organization.entity';
import { AcceptancesService } from './invitations/acceptances.service';
import { Joins } from './invitations/joins';
import { InvitationMails } from './invitations/invitation-mails';
import { InvitationTokens } from './invitations/invitation-tokens';
import { InvitationRepository } from './invitations/invitation.repository';
import { InvitationsRetention } from './invitations/invitations.retention';
import { InvitationsService } from './invitations/invitations.service';
import { MemberRepository } from './members/member.repository';
import { MembersService } from './members/members.service';
import { OwnershipBlocker } from './members/ownership-blocker';
import { CreateOrganizations1767225618000 } from './migrations/create-organizations.migration';
import { OrganizationClosing } from './organization-closing';
import { OrganizationErasure } from './organization-erasure';
import { OrganizationHasOwnerRule } from './organization-has-owner.rule';
import { OrganizationRepository } from './organization.repository';
import { OrganizationTenancy } from './organization.tenancy';
import { OrganizationsConfig } from './organizations.config';
import { OrganizationsService } from './organizations.service';
import { ACCEPT_INVITATION_PAGE } from './organizations.pages';
import { organizationsSubjectData } from './organizations.subject-data';
import { Seats } from './invitations/seats';

const PUBLISHED = [
  OrganizationsService,
  MembersService,
  InvitationsService,
  AcceptancesService,
  OrganizationErasure,
  InvitationsRetention,
  InvitationMails,
];

/** Core of organizations. Global, because it binds the port that tells whom people act for. */
@Global()
@Module({
  imports: [UsersModule],
  providers: [
    ...PUBLISHED,
    OrganizationRepository,
    MemberRepository,
    InvitationRepository,
    InvitationTokens,
    OwnershipBlocker,
    Joins,
    Seats,
    OrganizationClosing,
    { provide: Tenancy, useClass: OrganizationTenancy },
  ],
  exports: [...PUBLISHED, Tenancy],
})
@Domain({
  name: 'organizations',
  entities: [Organization, Membership, Invitation],
  migrations: [CreateOrganizations1767225618000],
  settings: [OrganizationsConfig],
  permissions: organizationsPermissions,
  subjects: ['organizations'],
  subjectData: organizationsSubjectData,
  jobs: [SendInvitationMail, EraseOrganization],
  pages: [ACCEPT_INVITATION_PAGE],
  events: [OrganizationCreated, OrganizationUpdated, OrganizationDeleted, MemberJoined, MemberRoleChanged, MemberLeft],
  integrity: [OrganizationHasOwnerRule],
})
export class OrganizationsModule implements OnModuleInit {
  constructor(
    private readonly blockers: DeletionBlockers,
    private readonly ownership: OwnershipBlocker,
    private readonly proofs: FirstProofs,
    private readonly invitations: InvitationRepository,
  ) {}

  /** Accounts that an organization cannot do without stay; who was invited before an address was proved does not come in. */
  onModuleInit(): void {
    this.blockers.register(this.ownership);
    this.proofs.register({
      tables: ['organization_invitations'],
      what: 'invitations to organizations',
      end: (userId) => this.invitations.revokeSentBy(userId),
    });
  }
}
