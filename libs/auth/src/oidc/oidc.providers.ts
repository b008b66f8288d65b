import { Attempts } from './attempts';
import { OidcClient } from './oidc-client';
import { OidcLinksService } from './oidc-links.service';
import { OidcProviders } from './oidc-providers';
import { OidcSignInRepository } from './oidc-sign-in.repository';
import { OidcSignInsService } from './oidc-sign-ins.service';

/** The way through an OpenID provider and back. */
export const OIDC = [
  ...[OidcProviders, OidcClient, Attempts, OidcSignInRepository, OidcSignInsService, OidcLinksService],
];
