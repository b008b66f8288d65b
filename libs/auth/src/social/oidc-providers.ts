import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { OidcProviderNotFound } from './social.errors';
import { type OidcProviderSetting, SocialConfig } from './social.config';

/** Where providers send people back to; the same for both versions, because it is registered there. */
const PLACE = '/api/v1/public/auth/oidc';

const DEFAULT_SCOPES = ['openid', 'email', 'profile'];

/** A provider as the rest of the process knows it. */
export interface OidcProvider {
  readonly name: string;
  /** What a button says. */
  readonly label: string;
  /** Our word for it in identities and sign-ins: `oidc:<name>`. */
  readonly identity: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** Separated by blanks, as requests carry them. */
  readonly scope: string;
  readonly redirectUri: string;
  /** Where a browser begins. */
  readonly startUri: string;
}

/** The providers that this installation trusts. */
@Injectable()
export class OidcProviders {
  /** In the order of the setting. */
  readonly all: readonly OidcProvider[];

  /** @throws BootRefused for what would only fail, or be unsafe, when the first person signs in */
  constructor({ providers }: SocialConfig, core: CoreConfig) {
    const findings = core.isLocal ? [] : findingsOf(providers, core.publicBaseUrl);
    if (findings.length > 0) throw new BootRefused(findings);
    const base = (core.publicBaseUrl ?? 'http://localhost:3000').replace(/\/+$/, '');
    this.all = providers.map((provider) => providerOf(provider, base));
  }

  /** @throws OidcProviderNotFound */
  mustFind(name: string): OidcProvider {
    const found = this.all.find((provider) => provider.name === name);
    if (!found) throw new OidcProviderNotFound(name);
    return found;
  }
}

function findingsOf(providers: readonly OidcProviderSetting[], publicBaseUrl: string | undefined): string[] {
  const findings = providers
    .filter(({ issuer }) => issuer.startsWith('http:'))
    .map(
      ({ name }) =>
        `Give the issuer of ${name} in OIDC_PROVIDERS (social.providers) as an https address: http is for ENVIRONMENT=local`,
    );
  if (providers.length > 0 && publicBaseUrl === undefined) {
    findings.push('Set PUBLIC_BASE_URL (core.publicBaseUrl): the providers in OIDC_PROVIDERS send people back to it');
  }
  return findings;
}

function providerOf(setting: OidcProviderSetting, base: string): OidcProvider {
  const { client_id, client_secret, issuer, label, name, scopes } = setting;
  return Object.freeze({
    name,
    label: label ?? name,
    identity: `oidc:${name}`,
    issuer,
    clientId: client_id,
    clientSecret: client_secret,
    scope: [...new Set(['openid', ...(scopes ?? DEFAULT_SCOPES)])].join(' '),
    redirectUri: `${base}${PLACE}/${name}/callback`,
    startUri: `${base}${PLACE}/${name}/start`,
  });
}
