import { Injectable } from '@nestjs/common';
import { type User, UserDirectory, userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { type Actor } from '@platform/kernel';
import { Actors } from '../access/actors';
import { CredentialReader } from '../access/credential-reader';
import { ACTOR_TTL_MS } from '../access/credential-status';
import { AccountDeactivated, AddressHasAccount, IdentityEmailTaken, InvalidToken } from '../auth.errors';
import { IdentitiesService } from '../identities/identities.service';
import { identityKey } from '../identities/identity.repository';
import { type ExternalToken, ExternalTokens } from './external-tokens';
import { LoginStatistics } from './login-statistics';

/** What the person of a token is to us at the moment. */
type ExternalStatus = User | 'deactivated' | 'gone';

/**
 * Reads tokens of other issuers; with a warm cache without a query. The account of a first request is made, cached for at
 * most five seconds, and invalidated when it changes. Recognises nothing while no other issuer is active.
 */
@Injectable()
export class ExternalTokenReader extends CredentialReader {
  constructor(
    private readonly tokens: ExternalTokens,
    private readonly identities: IdentitiesService,
    private readonly users: UserDirectory,
    private readonly statistics: LoginStatistics,
    private readonly actors: Actors,
    private readonly cache: Cache,
  ) {
    super();
  }

  recognises(credential: string): boolean {
    return this.tokens.claims(credential);
  }

  /**
   * @throws InvalidToken
   * @throws AccountDeactivated
   * @throws IssuerKeysUnavailable
   * @throws AddressHasAccount when the account of a first request would take the address of another one
   */
  async read(credential: string): Promise<Actor> {
    const token = await this.tokens.verify(credential);
    const status = await this.statusOf(token);
    if (status === 'deactivated') throw new AccountDeactivated();
    if (status === 'gone') throw new InvalidToken('The account has ended');
    // What the person may do follows from our own row; the token adds how they proved themselves, and its own end.
    return { ...this.actors.of(status, token.proof), expiresAt: token.expiresAt };
  }

  private async statusOf(token: ExternalToken): Promise<ExternalStatus> {
    const id = await this.cache.getOrCompute(identityKey(token.provider, token.subject), ACTOR_TTL_MS, () =>
      this.idOf(token),
    );
    return this.cache.getOrCompute(`external-user:${id}`, ACTOR_TTL_MS, () => this.load(id, token.provider), {
      tags: [userTag(id)],
    });
  }

  private async idOf({ profile, provider, subject }: ExternalToken): Promise<string> {
    try {
      return (await this.identities.userOf({ provider, subject, ...profile })).id;
    } catch (error) {
      throw error instanceof IdentityEmailTaken ? new AddressHasAccount() : error;
    }
  }

  private async load(id: string, provider: string): Promise<ExternalStatus> {
    const user = await this.users.byId(id);
    if (!user) return 'gone';
    if (!user.isActive) return 'deactivated';
    this.statistics.note(user, provider);
    return user;
  }
}
