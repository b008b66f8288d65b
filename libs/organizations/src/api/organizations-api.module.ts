import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../organizations.module';
import { AcceptancesController } from './acceptances.controller';
import { AdminOrganizationsController } from './admin-organizations.controller';
import { InvitationsController } from './invitations.controller';
import { MembersController } from './members.controller';
import { OrganizationsController } from './organizations.controller';
import { OrganizationsGateway } from './organizations.gateway';

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
  providers: [OrganizationsGateway],
})
export class OrganizationsApiModule {}
