import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { BootRefused, Clock } from '@platform/kernel';
import { AuthConfig } from '../auth.config';
import { clerkProvider } from './clerk.provider';
import { customProvider } from './custom.provider';
import { type ExternalProvider } from './external-provider';
import { supabaseProvider } from './supabase.provider';

/** The issuers of AUTH_PROVIDER that other people run. */
@Injectable()
export class ActiveProviders {
  readonly external: readonly ExternalProvider[];

  /** @throws BootRefused when keys would travel unprotected, or two issuers could not be told apart */
  constructor(config: AuthConfig, core: CoreConfig, clock: Clock) {
    const findings = [...unprotected(config, core), ...indistinct(config)];
    if (findings.length > 0) throw new BootRefused(findings);
    this.external = config.providers.flatMap((name) => providerOf(name, config, clock) ?? []);
  }
}

function providerOf(name: string, config: AuthConfig, clock: Clock): ExternalProvider | undefined {
  const { clerkAuthorizedParties, clerkIssuerUrl, oauthAudience, oauthIssuer, oauthJwksUrl, supabaseProjectUrl } =
    config;
  if (name === 'supabase' && supabaseProjectUrl) {
    return supabaseProvider(supabaseProjectUrl, config.supabaseJwtSecret, clock);
  }
  if (name === 'clerk' && clerkIssuerUrl) return clerkProvider(clerkIssuerUrl, clerkAuthorizedParties ?? [], clock);
  if (name === 'custom' && oauthJwksUrl && oauthIssuer && oauthAudience) {
    return customProvider({ jwksUrl: oauthJwksUrl, issuer: oauthIssuer, audience: oauthAudience }, clock);
  }
  return undefined;
}

/** Whoever changes keys on their way signs whatever he likes. */
function unprotected(config: AuthConfig, core: CoreConfig): string[] {
  if (core.isLocal) return [];
  const addresses = [
    { name: 'supabase', key: 'SUPABASE_PROJECT_URL', url: config.supabaseProjectUrl },
    { name: 'clerk', key: 'CLERK_ISSUER_URL', url: config.clerkIssuerUrl },
    { name: 'custom', key: 'OAUTH_JWKS_URL', url: config.oauthJwksUrl },
  ];
  return addresses
    .filter(
      ({ name, url }) =>
        config.providers.some((active) => active === name) && URL.parse(url ?? '')?.protocol !== 'https:',
    )
    .map(({ key }) => `Correct ${key}: keys are read over https only where ENVIRONMENT is not local`);
}

function indistinct(config: AuthConfig): string[] {
  const issuers = config.providers.map((name) => issuerOf(name, config));
  const twice = issuers.find((issuer, index) => issuers.indexOf(issuer) !== index);
  if (twice === undefined) return [];
  return [`Two providers of AUTH_PROVIDER have the issuer ${twice}: give AUTH_ISSUER or OAUTH_ISSUER another value`];
}

function issuerOf(name: string, config: AuthConfig): string | undefined {
  if (name === 'local') return config.issuer;
  if (name === 'supabase') return `${config.supabaseProjectUrl}/auth/v1`;
  return name === 'clerk' ? config.clerkIssuerUrl : config.oauthIssuer;
}
