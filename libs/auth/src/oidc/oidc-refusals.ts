import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Log, Metrics } from '@platform/observability';
import { type OidcProvider } from './oidc-providers';
import { causesOf, type SocialFailure } from './oidc.errors';

const MOST_REASON = 512;

/** Records sign-ins at a provider that came to nothing, as a wrong password is recorded. */
@Injectable()
export class SocialRefusals {
  private readonly log = Log.for('auth');

  constructor(
    private readonly audit: AuditTrail,
    private readonly metrics: Metrics,
  ) {}

  /** Never throws. */
  async note({ identity }: OidcProvider, failure: SocialFailure, error?: unknown): Promise<void> {
    this.metrics.authFailure('invalid_credentials');
    this.metrics.authEvent('failed', identity);
    this.log.warn('A sign-in at a provider came to nothing', { provider: identity, failure, reason: reasonOf(error) });
    await this.audit.refused({ action: 'user.login', description: `Sign-in at ${identity}: ${failure}` });
  }
}

/** Names and codes down the chain of causes; no message and no body, which may quote what was sent. */
function reasonOf(error: unknown): string | undefined {
  const words = causesOf(error).map(({ code, error: answered, name }) =>
    [name, code, answered].filter((word) => typeof word === 'string').join(' '),
  );
  return words.length > 0 ? words.join(' < ').slice(0, MOST_REASON) : undefined;
}
