import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { MailModule } from '@platform/mail';
import { OrganizationsModule } from '../organizations.module';
import { EraseOrganizationHandler } from './erase-organization.handler';
import { OrganizationsListeners } from './organizations.listeners';
import { OrganizationsSchedule } from './organizations.schedule';
import { SendInvitationMailHandler } from './send-invitation-mail.handler';

/** What the worker does for organizations. */
@Module({
  imports: [OrganizationsModule, UsersModule, MailModule],
  providers: [SendInvitationMailHandler, EraseOrganizationHandler, OrganizationsListeners, OrganizationsSchedule],
})
export class OrganizationsWorkerModule {}
