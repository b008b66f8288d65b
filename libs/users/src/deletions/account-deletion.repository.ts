import { Injectable } from '@nestjs/common';
import { repositoryOf } from '@platform/database';
import { type Actor, personScope } from '@platform/kernel';
import { AccountDeletion } from '../entities/account-deletion.entity';

const DAY_MS = 86_400_000;
/** Of those that are due at one time; the next hour sees the rest. */
const MOST_AT_ONCE = 1_000;

/** Named queries on wishes to be deleted. */
@Injectable()
export class AccountDeletionRepository extends repositoryOf(AccountDeletion) {
  private readonly any = this.rows('TRUE');
  private readonly pending = this.rows('user_id = :person AND erased_at IS NULL');
  private readonly ready = this.rows(
    'erased_at IS NULL AND due_at <= :now AND (blocked_at IS NULL OR blocked_at <= :blocked_before)',
  ).orderedBy('due_at');
  private readonly blocking = this.statement('block', 'UPDATE account_deletions SET blocked_at = :now WHERE id = :id');
  private readonly concluding = this.statement(
    'conclude',
    'UPDATE account_deletions SET erased_at = :now WHERE id = :id AND erased_at IS NULL',
  );

  /** The actor's own wish that is not met yet, or null. */
  findPending(actor: Actor): Promise<AccountDeletion | null> {
    return this.pending.one({ person: personScope(actor) });
  }

  /** Any wish; for work that no person does. */
  findById(id: string): Promise<AccountDeletion | null> {
    return this.any.find({ id });
  }

  /** As {@link findById}, held against being taken back and met meanwhile until the transaction ends. */
  lockById(id: string): Promise<AccountDeletion | null> {
    return this.any.lock({ id });
  }

  /** Wishes that are due and were not blocked within the last day, oldest first, 1,000 at most. */
  due(): Promise<AccountDeletion[]> {
    const now = this.store.clock.now();
    return this.ready.take({ now, blocked_before: new Date(now.getTime() - DAY_MS) }, MOST_AT_ONCE);
  }

  /** Take the actor's own wish back; false when there is none that is not met. */
  async cancel(actor: Actor): Promise<boolean> {
    return (await this.forget(personScope(actor))) > 0;
  }

  /** Forget the wish of a person unless it is met; returns how many. */
  forget(person: string): Promise<number> {
    return this.pending.deleteAll({ person });
  }

  /** Note that something is in the way. */
  async block({ id }: AccountDeletion, now: Date): Promise<void> {
    await this.database.execute(this.blocking, { id, now });
  }

  /** Note that the wish is met. */
  async conclude({ id }: AccountDeletion, now: Date): Promise<void> {
    await this.database.execute(this.concluding, { id, now });
  }
}
