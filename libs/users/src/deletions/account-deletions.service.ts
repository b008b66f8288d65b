import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, Clock, NotFound } from '@platform/kernel';
import { Jobs } from '@platform/queue';
import { StepUpRequired } from '@platform/security';
import { EraseAccount, SendDeletionMail } from '../contract';
import { type AccountDeletion } from '../entities/account-deletion.entity';
import { type User } from '../entities/user.entity';
import { UserRepository } from '../user.repository';
import { UsersConfig } from '../users.config';
import { DeletionBlocked } from '../users.errors';
import { AccountDeletionRepository } from './account-deletion.repository';
import { DeletionBlockers } from './deletion-blockers';

const DAY_MS = 86_400_000;

/** Published operations on a person's wish to be deleted. */
@Injectable()
export class AccountDeletionsService {
  constructor(
    private readonly deletions: AccountDeletionRepository,
    private readonly users: UserRepository,
    private readonly blockers: DeletionBlockers,
    private readonly config: UsersConfig,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Have the actor's own account deleted when the grace period is over; asking again changes nothing. A job waits for
   * that time, and a mail tells how to take it back.
   * @returns the wish with its date
   * @throws NotFound (404) when the actor is no person; DeletionBlocked (409) while others depend on the account;
   * StepUpRequired (401) when somebody has proved the address since the actor last proved who they are
   */
  @Transactional()
  async request(actor: Actor): Promise<AccountDeletion> {
    // Held, so that two requests at once make one wish.
    const user = await this.users.mustLock(actor, actor.id);
    if (isOlderThanFirstProof(actor, user)) throw new StepUpRequired(0);
    const pending = await this.deletions.findPending(actor);
    if (pending) return pending;
    const reasons = await this.blockers.of(user);
    if (reasons.length > 0) throw new DeletionBlocked(reasons);
    return this.plan(user);
  }

  /** The actor's own wish. @throws NotFound (404) */
  async mine(actor: Actor): Promise<AccountDeletion> {
    return (await this.deletions.findPending(actor)) ?? noWishOf(actor);
  }

  /**
   * Take the actor's own wish back: the job that waits will find none.
   * @throws NotFound (404), also when it is met already
   */
  @Transactional()
  async cancel(actor: Actor): Promise<void> {
    if (!(await this.deletions.cancel(actor))) noWishOf(actor);
    this.audit.note({ resourceType: 'user', resourceId: actor.id });
  }

  private async plan({ id: userId }: User): Promise<AccountDeletion> {
    const requestedAt = this.clock.now();
    const delayMs = this.config.deletionGraceDays * DAY_MS;
    const dueAt = new Date(requestedAt.getTime() + delayMs);
    const deletion = await this.deletions.add({ userId, requestedAt, dueAt });
    const { id } = deletion;
    const payload = { deletion_id: id, occasion: 'requested' as const, obstacles: [] };
    await this.jobs.enqueue(SendDeletionMail, payload, { key: `${id}:requested` });
    await this.jobs.enqueue(EraseAccount, { deletion_id: id }, { key: id, delayMs });
    this.audit.note({ resourceType: 'user', resourceId: userId, details: { due_at: dueAt.toISOString() } });
    return deletion;
  }
}

function noWishOf({ id }: Actor): never {
  throw new NotFound('AccountDeletion', id);
}

/** Whether the actor may be somebody from whom the owner of the address has just taken the account over. */
function isOlderThanFirstProof({ authenticatedAt }: Actor, { emailVerifiedAt }: User): boolean {
  return authenticatedAt !== undefined && emailVerifiedAt !== null && authenticatedAt < emailVerifiedAt;
}
