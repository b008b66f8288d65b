import { CoreConfig, LoadedSettings } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { MailConfig } from '@platform/mail';
import { AuthConfig } from './auth.config';

const PRODUCTION = {
  ENVIRONMENT: 'production',
  SECRET_KEY: 'k7Jq0xv9ZrT2mWn4pLs8yBc1dFg6hAe3',
  DATABASE_URL: 'postgres://localhost/app',
  PUBLIC_BASE_URL: 'https://api.example.com',
};
const SUPABASE = { AUTH_PROVIDER: 'supabase', SUPABASE_PROJECT_URL: 'https://project.supabase.co' };

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    LoadedSettings.load([CoreConfig, MailConfig, AuthConfig], environment);
    return [];
  } catch (error) {
    if (error instanceof BootRefused) return error.problems;
    throw error;
  }
}

describe('AuthConfig', () => {
  it('refuses to wait for proofs of addresses that no mail reaches', () => {
    const [problem, ...others] = problemsOf(PRODUCTION);

    expect(problem).toContain('Set AUTH_REQUIRE_VERIFIED_EMAIL=false (auth.requireVerifiedEmail');
    expect(others).toEqual([]);
    expect(problemsOf({ ...PRODUCTION, ENVIRONMENT: 'staging' })).toEqual([]);
    expect(problemsOf({ ...PRODUCTION, ENVIRONMENT: 'staging', AUTH_REQUIRE_VERIFIED_EMAIL: 'true' })).toEqual([
      problem,
    ]);
  });

  it.each([
    ['nobody has to prove an address', { ...PRODUCTION, AUTH_REQUIRE_VERIFIED_EMAIL: 'false' }],
    ['nobody signs in with a password', { ...PRODUCTION, ...SUPABASE }],
    ['mail is kept in the inbox of local', { SECRET_KEY: PRODUCTION.SECRET_KEY, AUTH_REQUIRE_VERIFIED_EMAIL: 'true' }],
  ])('starts where %s', (_why, environment) => {
    expect(problemsOf(environment)).toEqual([]);
  });

  it('refuses the sample secret of Supabase outside of local', () => {
    const secret = 'super-secret-jwt-token-with-at-least-32-characters-long';

    expect(problemsOf({ ...PRODUCTION, ...SUPABASE, SUPABASE_JWT_SECRET: secret })).toEqual([
      expect.stringContaining('Replace SUPABASE_JWT_SECRET (auth.supabaseJwtSecret): it is a sample value'),
    ]);
  });

  it('says with all other problems what stops a provider', () => {
    const open = {
      ...PRODUCTION,
      ...SUPABASE,
      PUBLIC_BASE_URL: '',
      SUPABASE_PROJECT_URL: 'http://project.supabase.co',
    };

    expect(problemsOf(open)).toEqual([
      expect.stringContaining('Set PUBLIC_BASE_URL'),
      expect.stringContaining('Correct SUPABASE_PROJECT_URL: keys are read over https only'),
    ]);
  });
});
