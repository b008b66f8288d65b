import { Injectable } from '@nestjs/common';
import { constantTimeEqual } from '@platform/security';
import { IdentityEmailTaken, SubjectRefused } from '../auth.errors';
import { type ExternalProfile, mustBeSubject } from '../identities/external-profile';
import { IdentitiesService } from '../identities/identities.service';
import { type Attempt, type AttemptCookie, Attempts } from './attempts';
import { OidcClient } from './oidc-client';
import { type OidcProvider } from './oidc-providers';
import { LinkTicketRefused, ProviderRefusal, type SocialFailure } from './oidc.errors';
import { SocialRefusals } from './oidc-refusals';
import { SocialSignInRepository } from './oidc-sign-in.repository';

/** What the web application is told at the end of the way through a provider; `purpose` is `sign_in` or `link`. */
export type SocialOutcome =
  { readonly code: string; readonly purpose: 'sign_in' | 'link' } | { readonly error: SocialFailure };

/** What a way through a provider may begin with. */
export interface SocialStart {
  /** S256 of a secret that must come with the code. */
  code_challenge?: string;
  /** The ticket of a person who links an identity to his account. */
  link_token?: string;
}

/** The way through a provider and back. What it ends with is a one-time code, never a token. */
@Injectable()
export class SocialSignInsService {
  constructor(
    private readonly client: OidcClient,
    private readonly attempts: Attempts,
    private readonly identities: IdentitiesService,
    private readonly returned: SocialSignInRepository,
    private readonly refusals: SocialRefusals,
  ) {}

  /**
   * Send a browser to the provider.
   *
   * Success: where to, and the cookie that it must bring back. Failure: `OidcProviderUnavailable` (503),
   * `LinkTicketRefused` (400).
   */
  async start(provider: OidcProvider, input: SocialStart): Promise<{ location: string; cookie: AttemptCookie }> {
    const linkTo = this.linkOf(provider, input.link_token);
    const { attempt, location } = await this.client.begin(provider, { codeChallenge: input.code_challenge, linkTo });
    return { location, cookie: this.attempts.keep(provider, attempt) };
  }

  /**
   * Take a browser back from the provider. A browser that did not start the attempt is refused: else somebody could
   * have others sign in as himself (login CSRF, RFC 6749 §10.12).
   *
   * Success: a code, good for 60 seconds and one use; the account exists from now on. Failure: a word for it, and a
   * line in log and audit trail.
   * @param search the query of the callback, as it came
   * @param cookies the header of the request
   */
  async finish(provider: OidcProvider, search: string, cookies: string | undefined): Promise<SocialOutcome> {
    const attempt = this.attempts.open(provider, cookies);
    const state = new URLSearchParams(search).get('state');
    if (!attempt || !constantTimeEqual(state ?? '', attempt.state)) return this.refused(provider, 'state_mismatch');
    try {
      const profile = await this.client.finish(provider, attempt, search);
      return { code: await this.keep(attempt, profile), purpose: attempt.linkTo === undefined ? 'sign_in' : 'link' };
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      return this.refused(provider, failure, error);
    }
  }

  private linkOf(provider: OidcProvider, ticket: string | undefined): string | undefined {
    if (ticket === undefined) return undefined;
    const userId = this.attempts.openTicket(provider, ticket);
    if (userId === null) throw new LinkTicketRefused();
    return userId;
  }

  private async keep(attempt: Attempt, profile: ExternalProfile): Promise<string> {
    const { provider, subject } = profile;
    const codeChallenge = attempt.codeChallenge ?? null;
    if (attempt.linkTo !== undefined) {
      mustBeSubject(subject);
      return this.returned.add({ provider, userId: attempt.linkTo, subject, codeChallenge });
    }
    const { id: userId } = await this.identities.userOf(profile);
    return this.returned.add({ provider, userId, subject: null, codeChallenge });
  }

  private async refused(provider: OidcProvider, failure: SocialFailure, error?: unknown): Promise<SocialOutcome> {
    await this.refusals.note(provider, failure, error);
    return { error: failure };
  }
}

function failureOf(error: unknown): SocialFailure | undefined {
  if (error instanceof ProviderRefusal) return error.failure;
  if (error instanceof IdentityEmailTaken) return 'email_taken';
  return error instanceof SubjectRefused ? 'provider_error' : undefined;
}
