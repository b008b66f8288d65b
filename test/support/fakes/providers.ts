import { randomBytes } from 'node:crypto';
import { type Claims, handMade, hmacBy } from '../tokens';
import { FakeIssuer } from './issuer';

/** An issuer under test: what its good tokens hold, and its signature under anything else. */
export interface ProviderUnderTest {
  readonly name: 'supabase' | 'clerk' | 'custom';
  /** The claim `iss` that the API expects. */
  readonly iss: string;
  /** Its keys; absent for a shared secret. */
  readonly issuer?: FakeIssuer;
  readonly algorithm: string;
  /** The header of a good token. */
  header(): Claims;
  /** The claims of a good token, of somebody whom nobody has seen yet. */
  claims(): Claims;
  /** Any header and claims, signed as the provider would. */
  sign(claims: Claims, header?: Claims): string;
}

/** The legacy secret of the Supabase project under test. */
export const LEGACY_SECRET = 'a-legacy-secret-of-a-supabase-project-0123456789';

/** An origin that the Clerk instance under test makes tokens for. */
export const PARTY = 'https://app.example.com';

const AUDIENCE = 'https://api.example.com';
const now = (): number => Math.floor(Date.now() / 1000);
const subject = (prefix: string): string => `${prefix}${randomBytes(8).toString('hex')}`;

/** Three fake identity providers with servers of their own, and the settings under which the API takes their tokens. */
export class FakeProviders {
  private constructor(
    readonly supabase: ProviderUnderTest & { readonly issuer: FakeIssuer },
    readonly clerk: ProviderUnderTest & { readonly issuer: FakeIssuer },
    readonly custom: ProviderUnderTest & { readonly issuer: FakeIssuer },
    /** The same Supabase project with its legacy secret. */
    readonly legacy: ProviderUnderTest,
  ) {}

  /** All of them up. */
  static async start(): Promise<FakeProviders> {
    const [supabase, clerk, custom] = await Promise.all([
      FakeIssuer.start('ES256'),
      FakeIssuer.start('RS256'),
      FakeIssuer.start('RS256'),
    ]);
    return new FakeProviders(supabaseOf(supabase), clerkOf(clerk), customOf(custom), legacyOf(supabase));
  }

  /** Settings of the API. */
  get env(): Record<string, string> {
    return {
      AUTH_PROVIDER: 'local,supabase,clerk,custom',
      SUPABASE_PROJECT_URL: `${this.supabase.issuer.url}/`,
      CLERK_ISSUER_URL: this.clerk.issuer.url,
      CLERK_AUTHORIZED_PARTIES: PARTY,
      OAUTH_JWKS_URL: this.custom.issuer.jwksUrl,
      OAUTH_ISSUER: this.custom.iss,
      OAUTH_AUDIENCE: AUDIENCE,
    };
  }

  /** Those that publish keys. */
  get published(): (ProviderUnderTest & { readonly issuer: FakeIssuer })[] {
    return [this.supabase, this.clerk, this.custom];
  }

  /** All servers closed. */
  async stop(): Promise<void> {
    await Promise.all(this.published.map(({ issuer }) => issuer.stop()));
  }
}

function byIssuer(issuer: FakeIssuer, typ: string) {
  return {
    issuer,
    algorithm: issuer.key.alg,
    header: () => ({ alg: issuer.key.alg, kid: issuer.key.kid, typ }),
    sign: (claims: Claims, header: Claims = {}) => issuer.token(claims, { typ, ...header }),
  };
}

function supabaseClaims(url: string): Claims {
  const sub = `${randomBytes(4).toString('hex')}-0000-4000-8000-${randomBytes(6).toString('hex')}`;
  const at = now();
  return {
    iss: `${url}/auth/v1`,
    aud: 'authenticated',
    exp: at + 3_600,
    iat: at,
    sub,
    email: `${sub}@example.com`,
    role: 'authenticated',
    aal: 'aal1',
    amr: [{ method: 'password', timestamp: at }],
    session_id: subject('session-'),
    is_anonymous: false,
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: { full_name: 'Sue Base' },
  };
}

function supabaseOf(issuer: FakeIssuer) {
  const claims = () => supabaseClaims(issuer.url);
  return { name: 'supabase', iss: `${issuer.url}/auth/v1`, claims, ...byIssuer(issuer, 'JWT') } as const;
}

function legacyOf({ url }: FakeIssuer): ProviderUnderTest {
  const header = () => ({ alg: 'HS256', typ: 'JWT' });
  return {
    name: 'supabase',
    iss: `${url}/auth/v1`,
    algorithm: 'HS256',
    header,
    claims: () => supabaseClaims(url),
    sign: (claims, more = {}) => handMade({ ...header(), ...more }, claims, hmacBy(LEGACY_SECRET)),
  };
}

function clerkOf(issuer: FakeIssuer) {
  const claims = (): Claims => ({
    iss: issuer.url,
    azp: PARTY,
    exp: now() + 60,
    iat: now(),
    nbf: now() - 10,
    jti: subject('jti_'),
    sid: subject('sess_'),
    sub: subject('user_2Kx'),
    fva: [3, -1],
    v: 2,
  });
  const signed = byIssuer(issuer, 'JWT');
  // Clerk's own header has a field of its category.
  const header = () => ({ ...signed.header(), cat: 'cl_B7d4PD111AAA' });
  return { name: 'clerk', iss: issuer.url, claims, ...signed, header } as const;
}

function customOf(issuer: FakeIssuer) {
  const iss = `${issuer.url}/`;
  const claims = (): Claims => ({
    iss,
    aud: [AUDIENCE, `${issuer.url}/userinfo`],
    exp: now() + 900,
    iat: now(),
    auth_time: now() - 30,
    jti: subject(''),
    client_id: 'app',
    sub: `auth0|${subject('')}`,
  });
  return { name: 'custom', iss, claims, ...byIssuer(issuer, 'at+jwt') } as const;
}
