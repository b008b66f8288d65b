import { type Actor } from '@platform/kernel';
import { type NewOrganization, type Organization } from '../entities/organization.entity';
import { type OrganizationsService } from '../organizations.service';

let serial = 0;

/** A stored organization that the actor owns, made by the service; give only what the test is about. */
export async function anOrganization(
  organizations: OrganizationsService,
  actor: Actor,
  input: Partial<NewOrganization> = {},
): Promise<Organization> {
  serial += 1;
  return (await organizations.create(actor, { name: `Organization ${serial}`, ...input })).organization;
}
