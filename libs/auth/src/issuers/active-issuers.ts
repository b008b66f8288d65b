import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { AuthConfig } from '../auth.config';
import { clerkIssuer } from './clerk.issuer';
import { customIssuer } from './custom.issuer';
import { type ExternalIssuer } from './external-issuer';
import { supabaseIssuer } from './supabase.issuer';

/** The issuers of AUTH_PROVIDER that other people run. */
@Injectable()
export class ActiveIssuers {
  readonly external: readonly ExternalIssuer[];

  constructor(config: AuthConfig, clock: Clock) {
    this.external = config.providers.flatMap((name) => providerOf(name, config, clock) ?? []);
  }
}

function providerOf(name: string, config: AuthConfig, clock: Clock): ExternalIssuer | undefined {
  const { clerkAuthorizedParties, clerkIssuerUrl, oauthAudience, oauthIssuer, oauthJwksUrl, supabaseProjectUrl } =
    config;
  if (name === 'supabase' && supabaseProjectUrl) {
    return supabaseIssuer(supabaseProjectUrl, config.supabaseJwtSecret, clock);
  }
  if (name === 'clerk' && clerkIssuerUrl) return clerkIssuer(clerkIssuerUrl, clerkAuthorizedParties ?? [], clock);
  if (name === 'custom' && oauthJwksUrl && oauthIssuer && oauthAudience) {
    return customIssuer({ jwksUrl: oauthJwksUrl, issuer: oauthIssuer, audience: oauthAudience }, clock);
  }
  return undefined;
}
