import { type Stack } from '../../../support/modes';
import { apiKeys } from './api-keys';
import { closedRoutes } from './closed-routes';
import { endedAccess } from './ended-access';
import { foreignIds } from './foreign-ids';
import { foreignTenants } from './foreign-tenants';
import { massAssignment } from './mass-assignment';
import { stepUp } from './step-up';

/** Every access rule; each goes through every route of the running API's OpenAPI documents, so one boot serves all. */
export function accessRules(stack: () => Stack): void {
  foreignIds(stack);
  foreignTenants(stack);
  massAssignment(stack);
  closedRoutes(stack);
  endedAccess(stack);
  apiKeys(stack);
  stepUp(stack);
}
