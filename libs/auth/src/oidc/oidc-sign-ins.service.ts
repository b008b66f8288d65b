import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Log, Metrics } from '@platform/observability';
import { constantTimeEqual } from '@platform/crypto';
import { IdentityEmailTaken, SubjectRefused } from '../auth.errors';
import { type ExternalProfile, mustBeSubject } from '../identities/external-profile';
import { IdentitiesService } from '../identities/identities.service';
import { type Attempt, type AttemptCookie, Attempts } from './attempts';
import { OidcClient } from './oidc-client';
import { type OidcProvider } from './oidc-providers';
import { causesOf, LinkTicketRefused, type OidcFailure, ProviderRefusal } from './oidc.errors';
import { OidcSignInRepository } from './oidc-sign-in.repository';

const MOST_REASON = 512;

/** What the web application is told at the end of the way through a provider; `purpose` is `sign_in` or `link`. */
export type OidcOutcome =
  { readonly code: string; readonly purpose: 'sign_in' | 'link' } | { readonly error: OidcFailure };

/** What a way through a provider may begin with. */
export interface OidcStart {
  /** S256 of a secret that must come with the code. */
  code_challenge?: string;
  /** The ticket of a person who links an identity to their account. */
  link_token?: string;
}

/** The way through a provider and back. What it ends with is a one-time code, never a token. */
@Injectable()
export class OidcSignInsService {
  private readonly log = Log.for('auth');

  constructor(
    private readonly client: OidcClient,
    private readonly attempts: Attempts,
    private readonly identities: IdentitiesService,
    private readonly returned: OidcSignInRepository,
    private readonly audit: AuditTrail,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Send a browser to the provider.
   * @returns where to, and the cookie that it must bring back
   * @throws OidcProviderUnavailable
   * @throws LinkTicketRefused
   */
  async start(provider: OidcProvider, input: OidcStart): Promise<{ location: string; cookie: AttemptCookie }> {
    const linkTo = this.linkOf(provider, input.link_token);
    const { attempt, location } = await this.client.begin(provider, { codeChallenge: input.code_challenge, linkTo });
    return { location, cookie: this.attempts.keep(provider, attempt) };
  }

  /**
   * Take a browser back from the provider. A browser that did not start the attempt is refused: else somebody could
   * have others sign in to the wrong account (login CSRF, RFC 6749 §10.12).
   * @param search the query of the callback, as it came
   * @param cookies the header of the request
   * @returns a code, good for 60 seconds and one use, whose account exists from now on; or a word for what went wrong,
   * which log and audit trail record
   */
  async finish(provider: OidcProvider, search: string, cookies: string | undefined): Promise<OidcOutcome> {
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
      return this.returned.keep({ provider, userId: attempt.linkTo, subject, codeChallenge });
    }
    const { id: userId } = await this.identities.userOf(profile);
    return this.returned.keep({ provider, userId, subject: null, codeChallenge });
  }

  /** Recorded as a wrong password is. */
  private async refused(provider: OidcProvider, failure: OidcFailure, error?: unknown): Promise<OidcOutcome> {
    const { identity } = provider;
    this.metrics.authFailure('invalid_credentials');
    this.metrics.authEvent('failed', identity);
    this.log.warn('A sign-in at a provider came to nothing', { provider: identity, failure, reason: reasonOf(error) });
    await this.audit.refused({ action: 'user.login', description: `Sign-in at ${identity}: ${failure}` });
    return { error: failure };
  }
}

function failureOf(error: unknown): OidcFailure | undefined {
  if (error instanceof ProviderRefusal) return error.failure;
  if (error instanceof IdentityEmailTaken) return 'email_taken';
  return error instanceof SubjectRefused ? 'provider_error' : undefined;
}

/** Names and codes down the chain of causes; no message and no body, which may quote what was sent. */
function reasonOf(error: unknown): string | undefined {
  const words = causesOf(error).map(({ code, error: answered, name }) =>
    [name, code, answered].filter((word) => typeof word === 'string').join(' '),
  );
  return words.length > 0 ? words.join(' < ').slice(0, MOST_REASON) : undefined;
}
