import { Injectable } from '@nestjs/common';
import { numberOf, repositoryOf } from '@platform/database';
import { type Actor, personScope } from '@platform/kernel';
import { UserIdentity } from '../entities/user-identity.entity';

/** More identities than anybody has. */
const MOST_IDENTITIES = 100;

/** The provider of those who have a password here. */
export const LOCAL = 'local';

/** Whom a provider means by a subject. */
export interface KnownIdentity {
  readonly identity: UserIdentity;
  /** Identities of the account: the provider's word on its address counts where there is no other one. */
  readonly ofAccount: number;
}

/** Cache key of the account that a provider means by a subject. */
export function identityKey(provider: string, subject: string): string {
  // A provider's name holds no blank, so no two pairs share a key.
  return `identity:${provider} ${subject}`;
}

/** Named queries on identities. */
@Injectable()
export class IdentityRepository extends repositoryOf(UserIdentity) {
  private readonly known = this.rows('user_identities.provider = :provider AND user_identities.subject = :subject', {
    as: 'identity',
    beside: {
      ofAccount: numberOf('(SELECT COUNT(*) FROM user_identities other WHERE other.user_id = user_identities.user_id)'),
    },
  });
  private readonly own = this.rows('user_id = :person');
  private readonly oldest = this.own.orderedBy('created_at');
  private readonly ownLocal = this.own.and(`provider = '${LOCAL}'`);

  /** The account of the provider's subject, or null; for callers who make actors and so have none. */
  find(provider: string, subject: string): Promise<KnownIdentity | null> {
    return this.known.one({ provider, subject });
  }

  /** Hold, until the transaction ends, all others who ask for this subject, in this process and in others. */
  hold(provider: string, subject: string): Promise<void> {
    return this.database.withLock(`auth.identity:${JSON.stringify([provider, subject])}`);
  }

  /** The ways into an account, oldest first; for work that no person does. */
  waysInOf(person: string): Promise<UserIdentity[]> {
    return this.oldest.all({ person });
  }

  /** The identities of the actor's person, oldest first. */
  listOf(actor: Actor): Promise<UserIdentity[]> {
    return this.oldest.take({ person: personScope(actor) }, MOST_IDENTITIES);
  }

  /** Take the identity of the account's password away. */
  async removeLocal(person: string): Promise<void> {
    await this.ownLocal.deleteAll({ person });
  }
}
