import { Injectable } from '@nestjs/common';
import { Database, type Parameters, type Statement, toDate } from '@platform/database';
import { type Actor, Clock, Ids, personScope } from '@platform/kernel';
import { AccountDeletion } from '../entities/account-deletion.entity';
import * as sql from './account-deletion.statements';

const DAY_MS = 86_400_000;
/** Of those that are due at one time; the next hour sees the rest. */
const MOST_AT_ONCE = 1_000;

/** Named queries on wishes to be deleted. */
@Injectable()
export class AccountDeletionRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The actor's own wish that is not met yet, or null. */
  findPending(actor: Actor): Promise<AccountDeletion | null> {
    return this.first(sql.FIND_PENDING, { user_id: personScope(actor) });
  }

  /** Any wish; for work that no person does. */
  findById(id: string): Promise<AccountDeletion | null> {
    return this.first(sql.FIND_BY_ID, { id });
  }

  /** As {@link findById}, held against being taken back and met meanwhile until the transaction ends. */
  lockById(id: string): Promise<AccountDeletion | null> {
    return this.first(sql.LOCK_BY_ID, { id });
  }

  /** Ids of wishes that are due and were not blocked within the last day, oldest first, 1,000 at most. */
  async due(): Promise<string[]> {
    const now = this.clock.now();
    const blocked_before = new Date(now.getTime() - DAY_MS);
    const rows = await this.database.query<{ id: string }>(sql.FIND_DUE, { now, blocked_before, limit: MOST_AT_ONCE });
    return rows.map(({ id }) => id);
  }

  /** Store the wish of a person who has none. */
  async add(userId: string, graceDays: number): Promise<AccountDeletion> {
    const deletion = new AccountDeletion();
    deletion.id = this.ids.next();
    deletion.userId = userId;
    deletion.requestedAt = this.clock.now();
    deletion.dueAt = new Date(deletion.requestedAt.getTime() + graceDays * DAY_MS);
    deletion.blockedAt = deletion.erasedAt = null;
    await this.database.execute(sql.ADD, {
      id: deletion.id,
      user_id: userId,
      requested_at: deletion.requestedAt,
      due_at: deletion.dueAt,
    });
    return deletion;
  }

  /** Take the actor's own wish back; false when there is none that is not met. */
  async cancel(actor: Actor): Promise<boolean> {
    return (await this.forget(personScope(actor))) > 0;
  }

  /** Forget the wish of a person unless it is met; returns how many. */
  forget(userId: string): Promise<number> {
    return this.database.execute(sql.CANCEL, { user_id: userId });
  }

  /** Note that something is in the way. */
  async block({ id }: AccountDeletion): Promise<void> {
    await this.database.execute(sql.BLOCK, { id, now: this.clock.now() });
  }

  /** Note that the wish is met. */
  async conclude({ id }: AccountDeletion): Promise<void> {
    await this.database.execute(sql.CONCLUDE, { id, now: this.clock.now() });
  }

  private async first(statement: Statement, parameters: Parameters): Promise<AccountDeletion | null> {
    const [row] = await this.database.query<sql.AccountDeletionRow>(statement, parameters);
    return row ? deletionOf(row) : null;
  }
}

function deletionOf(row: sql.AccountDeletionRow): AccountDeletion {
  const deletion = new AccountDeletion();
  deletion.id = row.id;
  deletion.userId = row.user_id;
  deletion.requestedAt = toDate(row.requested_at);
  deletion.dueAt = toDate(row.due_at);
  deletion.blockedAt = row.blocked_at === null ? null : toDate(row.blocked_at);
  deletion.erasedAt = row.erased_at === null ? null : toDate(row.erased_at);
  return deletion;
}
