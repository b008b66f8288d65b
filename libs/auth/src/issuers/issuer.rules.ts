import { type CoreConfig, weaknessOf } from '@platform/config';
import { type IssuerName, type IssuerSettings } from './issuer.settings';

/** RFC 7518 §3.2: a key of HS256 has at least the size of its hash, bytes. */
const LEAST_SECRET_BYTES = 32;

/** What an active provider lacks to be verified; the process does not start before it is there. */
export function issuerProblems(values: IssuerSettings): string[] {
  const isActive = (name: IssuerName): boolean => values.providers.includes(name);
  const problems: string[] = [];
  const need = (provider: IssuerName, there: boolean, place: string, what: string): void => {
    if (!isActive(provider) || there) return;
    problems.push(`Set ${place}: AUTH_PROVIDER=${provider} cannot be verified without ${what}; see .env.example`);
  };
  const place = (key: string, property: keyof IssuerSettings) => `${key} (auth.${property})`;
  need(
    'supabase',
    values.supabaseProjectUrl !== undefined,
    place('SUPABASE_PROJECT_URL', 'supabaseProjectUrl'),
    'its issuer',
  );
  need('clerk', values.clerkIssuerUrl !== undefined, place('CLERK_ISSUER_URL', 'clerkIssuerUrl'), 'its issuer');
  const parties = values.clerkAuthorizedParties ?? [];
  need(
    'clerk',
    parties.length > 0 && !parties.includes('*'),
    place('CLERK_AUTHORIZED_PARTIES', 'clerkAuthorizedParties'),
    'the origins that its tokens are made for, none of them *',
  );
  need('custom', values.oauthJwksUrl !== undefined, place('OAUTH_JWKS_URL', 'oauthJwksUrl'), 'its keys');
  need('custom', values.oauthIssuer !== undefined, place('OAUTH_ISSUER', 'oauthIssuer'), 'its issuer');
  need(
    'custom',
    values.oauthAudience !== undefined,
    place('OAUTH_AUDIENCE', 'oauthAudience'),
    'the audience that we are',
  );
  const secret = values.supabaseJwtSecret;
  if (isActive('supabase') && secret !== undefined && Buffer.byteLength(secret) < LEAST_SECRET_BYTES) {
    problems.push(
      'Correct SUPABASE_JWT_SECRET (auth.supabaseJwtSecret): it is shorter than 32 bytes and can be guessed; ' +
        'take the secret of the project, or unset it to use the published keys',
    );
  }
  return problems;
}

/** Whoever changes keys on their way signs whatever they like. */
export function unprotectedKeys(values: IssuerSettings, core: CoreConfig): string[] {
  if (core.isLocal) return [];
  const addresses = [
    { name: 'supabase', key: 'SUPABASE_PROJECT_URL', url: values.supabaseProjectUrl },
    { name: 'clerk', key: 'CLERK_ISSUER_URL', url: values.clerkIssuerUrl },
    { name: 'custom', key: 'OAUTH_JWKS_URL', url: values.oauthJwksUrl },
  ];
  return addresses
    .filter(({ name, url }) => url && values.providers.some((active) => active === name) && !url.startsWith('https:'))
    .map(({ key }) => `Correct ${key}: keys are read over https only where ENVIRONMENT is not local`);
}

/** A token is told apart by its issuer: no two providers may have the same. */
export function indistinctIssuers(values: IssuerSettings & { readonly issuer: string }): string[] {
  const issuers = values.providers.map((name) => issuerOf(name, values)).filter((issuer) => issuer !== undefined);
  const twice = issuers.find((issuer, index) => issuers.indexOf(issuer) !== index);
  if (twice === undefined) return [];
  return [`Two providers of AUTH_PROVIDER have the issuer ${twice}: give AUTH_ISSUER or OAUTH_ISSUER another value`];
}

function issuerOf(name: IssuerName, values: IssuerSettings & { readonly issuer: string }): string | undefined {
  if (name === 'local') return values.issuer;
  if (name === 'supabase') return values.supabaseProjectUrl && `${values.supabaseProjectUrl}/auth/v1`;
  return name === 'clerk' ? values.clerkIssuerUrl : values.oauthIssuer;
}

/** Supabase ships a sample secret, with which everybody can sign. */
export function weakIssuerSecret({ providers, supabaseJwtSecret }: IssuerSettings, core: CoreConfig): string[] {
  const weakness =
    !core.isLocal && providers.includes('supabase') && supabaseJwtSecret ? weaknessOf(supabaseJwtSecret) : undefined;
  if (!weakness) return [];
  return [`Replace SUPABASE_JWT_SECRET (auth.supabaseJwtSecret): ${weakness}; make another in the project's settings`];
}
