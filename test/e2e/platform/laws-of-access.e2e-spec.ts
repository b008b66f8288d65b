import { describeEachMode } from '../../support/modes';
import { foreignIds } from './laws/foreign-ids';

// Each law goes through every route of the running API's OpenAPI documents: one boot serves them all.
describeEachMode(
  'access to every route of the documents',
  (stack) => {
    foreignIds(stack);
  },
  // Both databases, and both kinds of cache.
  { modes: ['embedded', 'scale-out'] },
);
