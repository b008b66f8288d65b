import { IdentitiesService } from './identities.service';
import { IdentityRepository } from './identity.repository';

/** Whom a provider means by a subject. */
export const IDENTITIES = [IdentityRepository, IdentitiesService];
