import { Module } from '@nestjs/common';
import { onceCommitted, type Realtime } from '@platform/realtime';
import { MemberJoined, MemberLeft, MemberRoleChanged, type MembershipFacts } from '../contract';
import { OrganizationsModule } from '../organizations.module';
import { AcceptancesController } from './acceptances.controller';
import { AdminOrganizationsController } from './admin-organizations.controller';
import { InvitationsController } from './invitations.controller';
import { MembersController } from './members.controller';
import { OrganizationsController } from './organizations.controller';

/** The sockets of a person hear to which organizations they belong. */
const personHears =
  (action: 'created' | 'updated' | 'deleted') =>
  (realtime: Realtime, { organization_id, user_id }: MembershipFacts): void =>
    realtime.toUser(user_id, { type: 'update', resource: 'organization', action, resource_id: organization_id });

/** What the API process serves of organizations. */
@Module({
  imports: [OrganizationsModule],
  controllers: [
    OrganizationsController,
    MembersController,
    InvitationsController,
    AcceptancesController,
    AdminOrganizationsController,
  ],
  providers: [
    onceCommitted(MemberJoined, personHears('created')),
    onceCommitted(MemberRoleChanged, personHears('updated')),
    onceCommitted(MemberLeft, personHears('deleted')),
    // They hear of what an organization owns as long as they belong to it.
    onceCommitted(MemberJoined, (realtime, facts) => realtime.joinTenant(facts.user_id, facts.organization_id)),
    onceCommitted(MemberLeft, (realtime, facts) => realtime.leaveTenant(facts.user_id, facts.organization_id)),
  ],
})
export class OrganizationsApiModule {}
