import { describeEachMode } from '../../support/modes';
import { accessRules } from './access-rules';

// A separate worker would change nothing but the time: before each look at the rows its jobs must end.
describeEachMode.private('access to every route of the documents', accessRules, { modes: ['single-service'] });
