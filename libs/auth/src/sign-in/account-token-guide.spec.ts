import { type UserDirectory } from '@omni/users';
import { CoreConfig, LoadedSettings } from '@platform/config';
import { AuthConfig } from '../auth.config';
import { type EmailVerificationService } from '../links/email-verification.service';
import { AccountTokenGuide } from './account-token-guide';

const POSTGRES = { DATABASE_URL: 'postgres://localhost/app' };
const CLERK = { CLERK_ISSUER_URL: 'https://clerk.example.com', CLERK_AUTHORIZED_PARTIES: 'https://app.example.com' };

function guideOf(environment: Record<string, string>, there: readonly string[] = []): AccountTokenGuide {
  const settings = { SECRET_KEY: 'k7Jq0xv9ZrT2mWn4pLs8yBc1dFg6hAe3', ...environment };
  const loaded = LoadedSettings.load([CoreConfig, AuthConfig], settings);
  // Of its collaborators the guide asks for these members only.
  const verification = { isRequired: false } as EmailVerificationService;
  const users = { byEmail: async (email: string) => (there.includes(email) ? { isActive: true } : null) };
  const directory = users as unknown as UserDirectory;
  return new AccountTokenGuide(loaded.get(AuthConfig), loaded.get(CoreConfig), verification, directory);
}

describe('where a token comes from', () => {
  it('shows the demo accounts in embedded mode on a developer’s machine, and nowhere else', () => {
    const shown = (environment: Record<string, string>): number => guideOf(environment).demo.length;
    expect(shown({})).toBe(2);
    expect(shown(POSTGRES)).toBe(0);
    expect(shown({ ...CLERK, AUTH_PROVIDER: 'clerk' })).toBe(0);
    for (const ENVIRONMENT of ['staging', 'production']) {
      const elsewhere = { ENVIRONMENT, ALLOW_SQLITE_IN_PRODUCTION: 'true', PUBLIC_BASE_URL: 'https://api.example.com' };
      expect([ENVIRONMENT, shown(elsewhere)]).toEqual([ENVIRONMENT, 0]);
    }
  });

  it('tells which of them are there', async () => {
    const accounts = await guideOf({}, ['user@omnistack.local']).demoAccounts();
    expect(accounts.map(({ email, role }) => [email, role])).toEqual([['user@omnistack.local', 'user']]);
  });

  it('names other issuers, and says whether passwords give one', () => {
    const both = guideOf({ ...CLERK, AUTH_PROVIDER: 'local,clerk', AUTH_ACCESS_TOKEN_MINUTES: '5' });
    expect([both.passwords, both.issuers, both.minutes]).toEqual([true, ['clerk'], 5]);
    expect(guideOf({ ...CLERK, AUTH_PROVIDER: 'clerk' }).passwords).toBe(false);
  });
});
