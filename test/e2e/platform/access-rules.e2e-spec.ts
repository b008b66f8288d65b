import { describeEachMode } from '../../support/modes';
import { accessRules } from './access-rules';

// On PostgreSQL: access-rules.endurance-spec.ts.
describeEachMode.private('access to every route of the documents', accessRules, { modes: ['embedded'] });
