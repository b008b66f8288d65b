import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, personScope } from '@platform/kernel';
import { IdentitiesService } from '../identities/identities.service';
import { SessionsService } from '../sessions/sessions.service';
import { type UserIdentity } from '../entities/user-identity.entity';
import { Attempts } from './attempts';
import { OidcProviders } from './oidc-providers';
import { SignInCodeRefused } from './oidc.errors';
import { type CodeAndVerifier, OidcSignInRepository } from './oidc-sign-in.repository';

/**
 * Links an identity to an account. The person says so twice, signed in both times: before they go to the provider, and
 * with the code that they bring back. So neither somebody else's identity lands on their account, nor theirs on another.
 */
@Injectable()
export class OidcLinksService {
  constructor(
    private readonly providers: OidcProviders,
    private readonly attempts: Attempts,
    private readonly returned: OidcSignInRepository,
    private readonly identities: IdentitiesService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
  ) {}

  /** An address for the person's own browser, good for two minutes, that leads to the provider. @throws OidcProviderNotFound */
  begin(actor: Actor, name: string): string {
    const provider = this.providers.mustFind(name);
    const ticket = this.attempts.linkTicket(provider, personScope(actor));
    return `${provider.startUri}?${new URLSearchParams({ link_token: ticket }).toString()}`;
  }

  /**
   * Link the identity that the code stands for; one that the account has already stays.
   * @throws SignInCodeRefused for a code that is not good, or was begun by somebody else
   * @throws IdentityTaken when another account has it
   */
  @Transactional()
  async finish(actor: Actor, input: CodeAndVerifier): Promise<UserIdentity> {
    await this.sessions.hold(actor);
    const person = await this.returned.take(input);
    if (!person || person.subject === null || person.userId !== personScope(actor)) throw new SignInCodeRefused();
    const { provider, subject } = person;
    this.audit.note({ resourceType: 'user', resourceId: actor.id, details: { provider } });
    return this.identities.link(actor, provider, subject);
  }
}
