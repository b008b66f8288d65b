import { list, setting } from '@platform/config';
import { z } from 'zod';

/** Who may say whom a bearer token speaks for: ourselves (`local`), or an issuer that other people run. */
export const ISSUER_NAMES = ['local', 'supabase', 'clerk', 'custom'] as const;

/** One of {@link ISSUER_NAMES}. */
export type IssuerName = (typeof ISSUER_NAMES)[number];

const address = () => z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).transform(withoutSlash);

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function providerList() {
  return z
    .string()
    .default('local')
    .transform((text, context): IssuerName[] => {
      const names = text.split(',').map((name) => name.trim().toLowerCase());
      const known = names.filter((name): name is IssuerName => (ISSUER_NAMES as readonly string[]).includes(name));
      if (known.length === names.length) return [...new Set(known)];
      context.addIssue({ code: 'custom', message: `expected a list of ${ISSUER_NAMES.join(', ')}` });
      return z.NEVER;
    });
}

/** Settings of the issuers whose tokens are taken; part of `AuthConfig`. */
export const ISSUER_SETTINGS = {
  providers: setting(
    'AUTH_PROVIDER',
    providerList(),
    'Whose tokens are taken: local, supabase, clerk, custom, or several of them separated by commas.',
  ),
  supabaseProjectUrl: setting(
    'SUPABASE_PROJECT_URL',
    address().optional(),
    'Supabase: https://<project>.supabase.co; its issuer and keys follow from it.',
    { example: '' },
  ),
  supabaseJwtSecret: setting(
    'SUPABASE_JWT_SECRET',
    z.string().optional(),
    'Supabase: the legacy secret of HS256 tokens, at least 32 bytes; set, it replaces the published keys.',
    { secret: true, example: '' },
  ),
  clerkIssuerUrl: setting(
    'CLERK_ISSUER_URL',
    address().optional(),
    'Clerk: the Frontend API URL, which is the issuer; its keys follow from it.',
    { example: '' },
  ),
  clerkAuthorizedParties: setting(
    'CLERK_AUTHORIZED_PARTIES',
    list().optional(),
    'Clerk: origins whose tokens are taken (claim `azp`), such as https://app.example.com, separated by commas.',
    { example: '' },
  ),
  oauthJwksUrl: setting('OAUTH_JWKS_URL', address().optional(), 'Custom issuer: address of its keys (RFC 7517).', {
    example: '',
  }),
  oauthIssuer: setting('OAUTH_ISSUER', z.string().min(1).max(255).optional(), 'Custom issuer: its claim `iss`.', {
    example: '',
  }),
  oauthAudience: setting(
    'OAUTH_AUDIENCE',
    z.string().min(1).max(255).optional(),
    'Custom issuer: the claim `aud` of tokens that are meant for us.',
    { example: '' },
  ),
};

/** The values of {@link ISSUER_SETTINGS}. */
export interface IssuerSettings {
  readonly providers: readonly IssuerName[];
  readonly supabaseProjectUrl?: string;
  readonly supabaseJwtSecret?: string;
  readonly clerkIssuerUrl?: string;
  readonly clerkAuthorizedParties?: readonly string[];
  readonly oauthJwksUrl?: string;
  readonly oauthIssuer?: string;
  readonly oauthAudience?: string;
}
