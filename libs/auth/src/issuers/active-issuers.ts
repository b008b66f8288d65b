import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { AuthConfig } from '../auth.config';
import { clerkProvider } from './clerk.issuer';
import { customProvider } from './custom.issuer';
import { type ExternalProvider } from './external-issuer';
import { supabaseProvider } from './supabase.issuer';

/** The issuers of AUTH_PROVIDER that other people run. */
@Injectable()
export class ActiveProviders {
  readonly external: readonly ExternalProvider[];

  constructor(config: AuthConfig, clock: Clock) {
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
