import { describeEachMode } from '../../support/modes';
import { apiKeys } from './laws/api-keys';
import { closedRoutes } from './laws/closed-routes';
import { endedAccess } from './laws/ended-access';
import { foreignIds } from './laws/foreign-ids';
import { foreignTenants } from './laws/foreign-tenants';
import { massAssignment } from './laws/mass-assignment';
import { stepUp } from './laws/step-up';

// Each law goes through every route of the running API's OpenAPI documents: one boot serves them all.
describeEachMode(
  'access to every route of the documents',
  (stack) => {
    foreignIds(stack);
    foreignTenants(stack);
    massAssignment(stack);
    closedRoutes(stack);
    endedAccess(stack);
    apiKeys(stack);
    stepUp(stack);
  },
  // Both databases. A separate worker would change nothing but the time: before each look at the rows its jobs must end.
  { modes: ['embedded', 'single-service'] },
);
