import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Clock } from '@platform/kernel';
import * as oidc from 'openid-client';
import { type ExternalProfile } from '../identities/external-profile';
import { type Attempt } from './attempts';
import { type OidcProvider } from './oidc-providers';
import { causesOf, OidcProviderUnavailable, ProviderRefusal, type OidcFailure } from './oidc.errors';

const TIMEOUT_SECONDS = 5;
/** What a provider says of itself is asked again after this … */
const FRESH_MS = 3_600_000;
/** … and believed this long while it does not answer. */
const STALE_MS = 86_400_000;

interface Discovered {
  readonly configuration: oidc.Configuration;
  readonly at: number;
}

/** Speaks OpenID Connect: authorization code with PKCE S256 (RFC 7636), state and nonce. */
@Injectable()
export class OidcClient {
  private readonly discovered = new Map<string, Discovered>();
  private readonly asking = new Map<string, Promise<oidc.Configuration>>();

  constructor(
    private readonly core: CoreConfig,
    private readonly clock: Clock,
  ) {}

  /** Where to send the browser, and what it must bring back. @throws OidcProviderUnavailable */
  async begin(
    provider: OidcProvider,
    extra: Pick<Attempt, 'codeChallenge' | 'linkTo'>,
  ): Promise<{ location: string; attempt: Attempt }> {
    const configuration = await this.configurationOf(provider);
    const verifier = oidc.randomPKCECodeVerifier();
    const attempt = { ...extra, verifier, state: oidc.randomState(), nonce: oidc.randomNonce() };
    const location = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: provider.redirectUri,
      scope: provider.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { location: location.toString(), attempt };
  }

  /**
   * Whom the provider's answer speaks of: the code is exchanged, and the ID token's signature, issuer, audience,
   * expiry and nonce hold.
   * @param search the query of the callback, as it came
   * @throws ProviderRefusal
   */
  async finish(provider: OidcProvider, attempt: Attempt, search: string): Promise<ExternalProfile> {
    const answer = new URL(provider.redirectUri);
    answer.search = search;
    try {
      const configuration = await this.configurationOf(provider);
      const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      });
      return await this.profileOf(provider, configuration, tokens);
    } catch (error) {
      throw new ProviderRefusal(failureOf(error), error);
    }
  }

  /** The ID token, and for what it leaves out the userinfo endpoint. */
  private async profileOf(
    provider: OidcProvider,
    configuration: oidc.Configuration,
    tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  ): Promise<ExternalProfile> {
    const claims = tokens.claims();
    if (!claims) throw new TypeError('no ID token');
    const hasUserInfo = configuration.serverMetadata().userinfo_endpoint !== undefined;
    const isWhole = claims.email !== undefined || !hasUserInfo;
    const told = isWhole ? claims : await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    return {
      provider: provider.identity,
      subject: claims.sub,
      email: textOf(told.email),
      // Some write it as a text.
      emailVerified: String(told.email_verified) === 'true',
      fullName: textOf(told.name),
      avatarUrl: textOf(told.picture),
    };
  }

  private async configurationOf(provider: OidcProvider): Promise<oidc.Configuration> {
    const known = this.discovered.get(provider.name);
    const age = known ? this.clock.now().getTime() - known.at : Infinity;
    if (known && age < FRESH_MS) return known.configuration;
    try {
      return await this.askOnce(provider);
    } catch (error) {
      if (known && age < STALE_MS) return known.configuration;
      throw new OidcProviderUnavailable(provider.name, error);
    }
  }

  /** Whoever asks meanwhile waits for the same answer. */
  private askOnce(provider: OidcProvider): Promise<oidc.Configuration> {
    const running = this.asking.get(provider.name);
    if (running) return running;
    const asked = this.discover(provider).finally(() => this.asking.delete(provider.name));
    this.asking.set(provider.name, asked);
    return asked;
  }

  private async discover({ clientId, clientSecret, issuer, name }: OidcProvider): Promise<oidc.Configuration> {
    // The signature counts even though the token comes straight from the provider: a proxy may stand between.
    const execute = [oidc.enableNonRepudiationChecks, ...(this.core.isLocal ? [oidc.allowInsecureRequests] : [])];
    const authentication = clientSecret === undefined ? oidc.None() : secretAuthentication(clientSecret);
    const options = { execute, timeout: TIMEOUT_SECONDS };
    const configuration = await oidc.discovery(new URL(issuer), clientId, undefined, authentication, options);
    configuration.timeout = TIMEOUT_SECONDS;
    this.discovered.set(name, { configuration, at: this.clock.now().getTime() });
    return configuration;
  }
}

/** The secret as the provider wants it; in the header where it says nothing (OpenID Connect Discovery §3). */
function secretAuthentication(secret: string): oidc.ClientAuth {
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)];
  return (server, client, body, headers) => {
    const supported = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = supported.includes('client_secret_basic') ? basic : post;
    authenticate(server, client, body, headers);
  };
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined;
}

const AWAY = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON']);

/** The word for what openid-client throws; everything that it may throw here is the provider's doing. */
function failureOf(error: unknown): OidcFailure {
  if (error instanceof oidc.AuthorizationResponseError) {
    return error.error === 'access_denied' ? 'access_denied' : 'provider_error';
  }
  return isAway(error) ? 'provider_unavailable' : 'provider_error';
}

function isAway(error: unknown): boolean {
  if (error instanceof OidcProviderUnavailable) return true;
  // fetch has no code of its own for a network that fails.
  return causesOf(error).some(({ code, message }) => AWAY.has(String(code)) || message === 'fetch failed');
}
