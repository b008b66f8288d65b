import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../organizations.module';
import { OrganizationHasOwnerRule } from './organization-has-owner.rule';

/** What the command line knows of organizations. */
@Module({ imports: [OrganizationsModule], providers: [OrganizationHasOwnerRule] })
export class OrganizationsCliModule {}
