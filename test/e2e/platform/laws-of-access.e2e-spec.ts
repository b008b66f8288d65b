import { describeEachMode } from '../../support/modes';
import { closedRoutes, endedAccess } from './laws/closed-routes';
import { foreignIds } from './laws/foreign-ids';
import { massAssignment } from './laws/mass-assignment';

// Each law goes through every route of the running API's OpenAPI documents: one boot serves them all.
describeEachMode(
  'access to every route of the documents',
  (stack) => {
    foreignIds(stack);
    massAssignment(stack);
    closedRoutes(stack);
    endedAccess(stack);
  },
  // Both databases, and both kinds of cache.
  { modes: ['embedded', 'scale-out'] },
);
