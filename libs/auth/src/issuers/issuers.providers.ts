import { ActiveIssuers } from './active-issuers';
import { ExternalTokenReader } from './external-token.reader';
import { ExternalTokens } from './external-tokens';
import { LoginStatistics } from './login-statistics';

/** Tokens of other issuers, and the accounts that they stand for. */
export const ISSUERS = [ActiveIssuers, ExternalTokens, LoginStatistics, ExternalTokenReader];
