import { CoreConfig, isLoopback, type OtherSections, setting, settings } from '@platform/config';
import { z } from 'zod';

/** Every provider needs a button; more than this is a mistake. */
const MOST_PROVIDERS = 20;
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.search || url.hash || url.username || url.password) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

const PROVIDER = z.strictObject({
  name: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, {
    error: 'expected 1 to 32 of a-z, 0-9 and - between them',
  }),
  label: z.string().min(1).max(64).optional(),
  issuer: z.string().refine(isIssuer, { error: 'expected an https address; http only on this machine' }),
  client_id: z.string().min(1).max(255),
  client_secret: z.string().min(1).max(1024).optional(),
  scopes: z
    .array(z.string().regex(SCOPE_TOKEN, { error: 'expected a scope of RFC 6749 §3.3' }))
    .max(50)
    .optional(),
});

/** A provider as the operator states it. */
export type OidcProviderSetting = z.infer<typeof PROVIDER>;

const PROVIDERS = z
  .array(PROVIDER)
  .max(MOST_PROVIDERS)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    error: 'expected every `name` once: it is part of the identity of people',
  });

/** The list as JSON. What is wrong is told by its place, `0.issuer`, never by its value: it may be the secret. */
function providers() {
  return z.string().transform((text, context): readonly OidcProviderSetting[] => {
    const parsed = PROVIDERS.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    for (const { code, message, path } of parsed.error.issues) {
      // zod repeats names of unknown keys, which are the operator's text; a secret in the wrong place may be one.
      const problem = code === 'unrecognized_keys' ? 'holds a key that is not known' : message;
      context.addIssue({ code: 'custom', message: path.length > 0 ? `${path.join('.')}: ${problem}` : problem });
    }
    return z.NEVER;
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Settings of sign-in at other providers. */
export class OidcConfig extends settings('oidc', {
  providers: setting(
    'OIDC_PROVIDERS',
    providers().default([]),
    'Providers of OpenID Connect that people may sign in with, a JSON list of {"name", "label"?, "issuer", ' +
      '"client_id", "client_secret"?, "scopes"?}.',
    { secret: true, example: '' },
  ),
}) {
  /** What would only fail, or be unsafe, when the first person signs in. */
  static override check({ providers }: OidcConfig, other: OtherSections): string[] {
    const core = other(CoreConfig);
    if (core.isLocal) return [];
    const problems = providers
      .filter(({ issuer }) => issuer.startsWith('http:'))
      .map(
        ({ name }) =>
          `Give the issuer of ${name} in OIDC_PROVIDERS (oidc.providers) as an https address: http is for ENVIRONMENT=local`,
      );
    // Production needs it in any case, and says so.
    if (providers.length === 0 || core.publicBaseUrl || core.isProduction) return problems;
    return [
      ...problems,
      'Set PUBLIC_BASE_URL (core.publicBaseUrl): the providers in OIDC_PROVIDERS send people back to it',
    ];
  }
}
