import { Injectable } from '@nestjs/common';
import { type User, UserDirectory, userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { AddressHasAccount, IdentityEmailTaken } from '../auth.errors';
import { identityKey } from '../identities/identity-key';
import { IdentitiesService } from '../identities/identities.service';
import { ACTOR_TTL_MS } from '../tokens/access-token.reader';
import { type ExternalToken } from './external-tokens';
import { LoginStatistics } from './login-statistics';

/** What the person of a token is to us at the moment. */
export type ExternalStanding = User | 'deactivated' | 'gone';

/** Accounts of people whose tokens come from elsewhere: made on their first request, cached afterwards. */
@Injectable()
export class ExternalAccounts {
  constructor(
    private readonly identities: IdentitiesService,
    private readonly users: UserDirectory,
    private readonly statistics: LoginStatistics,
    private readonly cache: Cache,
  ) {}

  /**
   * The account of the token's person, made when there is none; at most five seconds old, and invalidated when it changes.
   *
   * Failure: `AddressHasAccount` (403) when the account of a first request would take the address of another one.
   */
  async standingOf(token: ExternalToken): Promise<ExternalStanding> {
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

  private async load(id: string, provider: string): Promise<ExternalStanding> {
    const user = await this.users.byId(id);
    if (!user) return 'gone';
    if (!user.isActive) return 'deactivated';
    this.statistics.note(user, provider);
    return user;
  }
}
