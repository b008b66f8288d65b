import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { OidcProviderNotFound } from './oidc.errors';
import { type OidcProviderSetting, OidcConfig } from './oidc.config';

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

  constructor({ providers }: OidcConfig, core: CoreConfig) {
    this.all = providers.map((provider) => providerOf(provider, core));
  }

  /** @throws OidcProviderNotFound */
  mustFind(name: string): OidcProvider {
    const found = this.all.find((provider) => provider.name === name);
    if (!found) throw new OidcProviderNotFound(name);
    return found;
  }
}

function providerOf(setting: OidcProviderSetting, core: CoreConfig): OidcProvider {
  const { client_id, client_secret, issuer, label, name, scopes } = setting;
  return Object.freeze({
    name,
    label: label ?? name,
    identity: `oidc:${name}`,
    issuer,
    clientId: client_id,
    clientSecret: client_secret,
    scope: [...new Set(['openid', ...(scopes ?? DEFAULT_SCOPES)])].join(' '),
    // Asked for when people come: with PORT=0 nobody knows the address before the process listens.
    get redirectUri() {
      return `${core.baseUrl}${PLACE}/${name}/callback`;
    },
    get startUri() {
      return `${core.baseUrl}${PLACE}/${name}/start`;
    },
  });
}
