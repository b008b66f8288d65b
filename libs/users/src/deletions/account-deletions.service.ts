import { Injectable } from '@nestjs/common';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { StepUpRequired } from '@platform/security';
import { type AccountDeletion } from '../entities/account-deletion.entity';
import { type User } from '../entities/user.entity';
import { UserRepository } from '../user.repository';
import { UsersConfig } from '../users.config';
import { AccountDeletionRepository } from './account-deletion.repository';
import { AccountBlockers } from './account-blockers';
import { AccountTied, DeletionNotFound } from './deletions.errors';
import { DeletionNotices } from './deletion-notices';

/** Published operations on a person's wish to be deleted. */
@Injectable()
export class AccountDeletionsService {
  constructor(
    private readonly deletions: AccountDeletionRepository,
    private readonly users: UserRepository,
    private readonly blockers: AccountBlockers,
    private readonly notices: DeletionNotices,
    private readonly config: UsersConfig,
  ) {}

  /**
   * Have the actor's own account deleted when the grace period is over; asking again changes nothing.
   *
   * @returns the wish with its date, the deletion on its way, and a mail that tells how to take it back
   * @throws UserNotFound (404) when the actor is no person
   * @throws AccountTied (409) while others depend on the account
   * @throws StepUpRequired (401) when somebody has proved the address since the actor last proved who they are
   */
  @Transactional()
  async request(actor: Actor): Promise<AccountDeletion> {
    // Held, so that two requests at once make one wish.
    const user = await this.users.mustLock(actor, actor.id);
    if (isOlderThanFirstProof(actor, user)) throw new StepUpRequired(0);
    const pending = await this.deletions.findPending(actor);
    if (pending) return pending;
    const obstacles = await this.blockers.of(user);
    if (obstacles.length > 0) throw new AccountTied(obstacles);
    const deletion = await this.deletions.add(user.id, this.config.deletionGraceDays);
    await this.notices.requested(deletion);
    return deletion;
  }

  /**
   * The actor's own wish.
   *
   * @returns the wish
   * @throws DeletionNotFound (404)
   */
  async mine(actor: Actor): Promise<AccountDeletion> {
    return (await this.deletions.findPending(actor)) ?? noWishOf(actor);
  }

  /**
   * Take the actor's own wish back.
   *
   * @throws DeletionNotFound (404), also when it is met already
   */
  @Transactional()
  async cancel(actor: Actor): Promise<void> {
    if (!(await this.deletions.cancel(actor))) noWishOf(actor);
    this.notices.cancelled(actor.id);
  }
}

function noWishOf({ id }: Actor): never {
  throw new DeletionNotFound(id);
}

/** Whether the actor may be somebody from whom the owner of the address has just taken the account over. */
function isOlderThanFirstProof({ authenticatedAt }: Actor, { emailVerifiedAt }: User): boolean {
  return authenticatedAt !== undefined && emailVerifiedAt !== null && authenticatedAt < emailVerifiedAt;
}
