import { describeEachMode } from '../../support/modes';
import { lawsOfAccess } from './laws';

// On PostgreSQL: laws-of-access.endurance-spec.ts.
describeEachMode.private('access to every route of the documents', lawsOfAccess, { modes: ['embedded'] });
