import { Injectable } from '@nestjs/common';
import { Cache } from '@platform/cache';
import { Database, likePattern, type Parameters, type Statement, toDate } from '@platform/database';
import { type Actor, may, type OffsetPage, personScope } from '@platform/kernel';
import { Cursors } from '@platform/security';
import { type Role } from './contract/users.roles';
import { User } from './entities/user.entity';
import { UserChanged, UserNotFound } from './users.errors';
import * as sql from './user.statements';
import { userTag } from './users.tags';

/** Which slice of all accounts. */
export interface UserPageQuery {
  skip: number;
  limit: number;
  is_active?: boolean;
  role?: Role;
  /** Part of the e-mail address or the name, in any case; taken literally. */
  search?: string;
  /** Continue after the page that gave it; `skip` does not count then. */
  cursor?: string;
}

/** A slice of the list and the way to the next one; null on the last. */
export interface UserPage extends OffsetPage<User> {
  readonly nextCursor: string | null;
}

/** Named queries on accounts. A lookup by an actor sees their own account, or all with the permission to. */
@Injectable()
export class UserRepository {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly cache: Cache,
  ) {}

  /** One account that the actor may see. @throws UserNotFound when there is none */
  async mustFind(actor: Actor, id: string): Promise<User> {
    return (await this.findVisible(sql.FIND_BY_ID, actor, id, 'users.read')) ?? notFound(id);
  }

  /** One account that the actor may change, held against other changes until the transaction ends. @throws UserNotFound */
  async mustLock(actor: Actor, id: string): Promise<User> {
    return (await this.findVisible(sql.LOCK_BY_ID, actor, id, 'users.update')) ?? notFound(id);
  }

  /** Any account; for code that makes actors and so has none. */
  async findById(id: string): Promise<User | null> {
    return this.first(sql.FIND_BY_ID, { id });
  }

  /** As {@link findById}, held against other changes until the transaction ends. */
  lockById(id: string): Promise<User | null> {
    return this.first(sql.LOCK_BY_ID, { id });
  }

  /** As {@link findById}, held against its deletion and against {@link lockById} until the transaction ends. */
  holdById(id: string): Promise<User | null> {
    return this.first(sql.HOLD_BY_ID, { id });
  }

  /** The accounts with these ids, as far as they exist; as {@link findById}. */
  async findByIds(ids: readonly string[]): Promise<User[]> {
    return ids.length === 0 ? [] : (await this.database.query<sql.UserRow>(sql.FIND_BY_IDS, { ids })).map(userOf);
  }

  /** The account of an address in lower case; as {@link findById}. */
  findByEmail(email: string): Promise<User | null> {
    return this.first(sql.FIND_BY_EMAIL, { email });
  }

  /**
   * All accounts that match, newest first, with their count, in one round trip; nobody without `users.list`.
   * @throws ValidationFailed for a cursor of another list
   */
  async pageVisibleTo(actor: Actor, query: UserPageQuery): Promise<UserPage> {
    const { is_active, limit, role, search, skip } = query;
    const list = `users:${JSON.stringify([is_active, role, search])}`;
    const after = this.cursors.read(list, query.cursor);
    if (!may(actor, 'users.list')) return { items: [], total: 0, skip, limit, nextCursor: null };
    const rows = await this.database.query<sql.UserPageRow>(after ? sql.PAGE_AFTER : sql.PAGE, {
      is_active,
      role,
      pattern: likePattern(search),
      after: after?.key,
      after_id: after?.id,
      // One more than asked for tells whether others follow.
      limit: limit + 1,
      skip,
    });
    const found = rows.flatMap((row) => (row.id === null ? [] : [userOf(row)]));
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? this.cursors.after(list, { key: last.createdAt.toISOString(), id: last.id }) : null;
    return { items, total: Number(rows[0]?.total ?? 0), skip, limit, nextCursor };
  }

  /** Store a new account; false when the address has one already, also when two come at once. */
  async add(user: User): Promise<boolean> {
    return (await this.database.execute(sql.INSERT, columnsOf(user))) === 1;
  }

  /** Store the changes of an account. @throws UserChanged when somebody else stored one since it was read. */
  async save(user: User): Promise<void> {
    if ((await this.database.execute(sql.UPDATE, columnsOf(user))) === 0) throw new UserChanged(user.id);
    user.version += 1;
  }

  /**
   * Whether another active superadmin exists. Holds, until the transaction ends, all others who ask: so two of them
   * cannot go at once.
   */
  async hasOtherSuperadmin(user: User): Promise<boolean> {
    await this.database.withLock('users.superadmins');
    const [row] = await this.database.query<{ others: number | string }>(sql.COUNT_OTHER_SUPERADMINS, {
      active: true,
      id: user.id,
    });
    return Number(row?.others ?? 0) > 0;
  }

  /** Count a sign-in; false when the account is shut out. */
  async recordLogin(id: string, at: Date): Promise<boolean> {
    return (await this.database.execute(sql.RECORD_LOGIN, { id, at, active: true })) > 0;
  }

  /** Count a sign-in unless the last one is from `before` or later; false when it is, or the account is shut out. */
  async recordLaterLogin(id: string, at: Date, before: Date): Promise<boolean> {
    return (await this.database.execute(sql.RECORD_LATER_LOGIN, { id, at, before, active: true })) > 0;
  }

  /** Note that the person of an account that the caller has locked has proved its address. */
  async verifyEmail(user: User, at: Date): Promise<void> {
    await this.database.execute(sql.VERIFY_EMAIL, { id: user.id, at });
    user.emailVerifiedAt = at;
    user.version += 1;
    this.cache.invalidateTag(userTag(user.id));
  }

  /** Give the account another address, proved; false when that is taken, or the account has moved since it was read. */
  async moveTo(user: User, email: string, at: Date): Promise<boolean> {
    const moved = await this.database.execute(sql.MOVE_TO_EMAIL, { id: user.id, seen: user.email, email, at });
    if (moved > 0) this.cache.invalidateTag(userTag(user.id));
    return moved > 0;
  }

  private async findVisible(statement: Statement, actor: Actor, id: string, permission: string): Promise<User | null> {
    return id === personScope(actor) || may(actor, permission) ? this.first(statement, { id }) : null;
  }

  private async first(statement: Statement, parameters: Parameters): Promise<User | null> {
    const [row] = await this.database.query<sql.UserRow>(statement, parameters);
    return row ? userOf(row) : null;
  }
}

function notFound(id: string): never {
  throw new UserNotFound(id);
}

function userOf(row: sql.UserRow): User {
  const user = new User();
  user.id = row.id;
  user.email = row.email;
  user.fullName = row.full_name;
  user.avatarUrl = row.avatar_url;
  user.role = row.role;
  user.isActive = Boolean(row.is_active);
  user.subscriptionStatus = row.subscription_status;
  user.subscriptionPlan = row.subscription_plan;
  user.stripeCustomerId = row.stripe_customer_id;
  user.appleOriginalTransactionId = row.apple_original_transaction_id;
  user.googlePurchaseToken = row.google_purchase_token;
  user.emailVerifiedAt = row.email_verified_at === null ? null : toDate(row.email_verified_at);
  user.lastLoginAt = row.last_login_at === null ? null : toDate(row.last_login_at);
  user.loginCount = row.login_count;
  user.version = row.version;
  user.createdAt = toDate(row.created_at);
  user.updatedAt = toDate(row.updated_at);
  return user;
}

/** What INSERT and UPDATE write; sign-ins and subscriptions have statements of their own. */
function columnsOf(user: User): Parameters {
  return {
    id: user.id,
    email: user.email,
    full_name: user.fullName,
    avatar_url: user.avatarUrl,
    role: user.role,
    is_active: user.isActive,
    email_verified_at: user.emailVerifiedAt,
    version: user.version,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}
