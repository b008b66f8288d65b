import { describeEachMode } from '../../support/modes';
import { lawsOfAccess } from './laws';

// A separate worker would change nothing but the time: before each look at the rows its jobs must end.
describeEachMode.private('access to every route of the documents', lawsOfAccess, { modes: ['single-service'] });
