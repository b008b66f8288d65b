import { type Fixtures } from '../../support/fixtures';

/** What the access rules cannot guess of API keys: which scopes there are. */
export const fixtures: Fixtures = {
  bodies: { 'POST /app/api-keys': () => ({ scopes: ['users.read_own'], expires_at: null }) },
};
