import { Injectable } from '@nestjs/common';
import { Cache } from '@platform/cache';
import { among, contains, EntityStore, repositoryOf } from '@platform/database';
import { type Actor, emptyPage, may, NotFound, type Page, type PageQuery, personScope } from '@platform/kernel';
import { type Role } from './contract';
import { User } from './entities/user.entity';
import { userTag } from './users.tags';

/** Which page of all accounts. */
export interface UserQuery extends PageQuery {
  readonly is_active?: boolean;
  readonly role?: Role;
  /** Part of the e-mail address or the name, in any case; taken literally. */
  readonly search?: string;
}

const RECORD_LOGIN = `UPDATE users SET last_login_at = :at, login_count = login_count + 1, version = version + 1
  WHERE id = :id AND is_active = :active`;

/** Named queries on accounts. A lookup by an actor sees their own account, or all with the permission to. */
@Injectable()
export class UserRepository extends repositoryOf(User, {
  defaults: { role: 'user', isActive: true, loginCount: 0 },
}) {
  private readonly any = this.rows('TRUE');
  private readonly listed = this.rows(among('id', 'ids', 'uuid'));
  private readonly addressed = this.rows('email = :email');
  private readonly otherSuperadmins = this.rows("role = 'superadmin' AND is_active = :active AND id <> :id");
  private readonly newest = this.any
    .filteredBy({
      is_active: 'is_active = :is_active',
      role: 'role = :role',
      search: contains(['email', 'full_name'], 'search'),
    })
    .orderedBy('created_at DESC');

  // The first proof counts.
  private readonly verifying = this.statement(
    'verify_email',
    `UPDATE users SET email_verified_at = :at, version = version + 1 WHERE id = :id AND email_verified_at IS NULL`,
  );
  // Touches no row when the address is taken, or when the account has another one since it was read.
  private readonly moving = this.statement(
    'move_to_email',
    `UPDATE users SET email = :email, email_verified_at = :at, updated_at = :at, version = version + 1
     WHERE id = :id AND email = :seen AND NOT EXISTS (SELECT 1 FROM users WHERE email = :email)`,
  );
  // Touches no row of an account that is shut out. Counts as a change: an admin's entity tag covers these columns, too.
  private readonly countingLogin = this.statement('record_login', RECORD_LOGIN);
  // The last one is recent: of many who count at once, one does.
  private readonly countingLaterLogin = this.statement(
    'record_later_login',
    `${RECORD_LOGIN} AND (last_login_at IS NULL OR last_login_at < :before)`,
  );

  constructor(
    store: EntityStore,
    private readonly cache: Cache,
  ) {
    super(store);
  }

  /** One account that the actor may see. @throws NotFound */
  async mustFind(actor: Actor, id: string): Promise<User> {
    mustReach(actor, id, 'users.read');
    return this.any.mustFind({ id });
  }

  /**
   * One account that the actor may change, held against other changes until the transaction ends.
   * @throws NotFound; PreconditionFailed when `version` is not the present one
   */
  async mustLock(actor: Actor, id: string, version?: number): Promise<User> {
    mustReach(actor, id, 'users.update');
    return this.any.mustLock({ id }, version);
  }

  /** Any account; for callers who make actors and so have none. */
  findById(id: string): Promise<User | null> {
    return this.any.find({ id });
  }

  /** As {@link findById}, held against other changes until the transaction ends. */
  lockById(id: string): Promise<User | null> {
    return this.any.lock({ id });
  }

  /** As {@link findById}, held against its deletion and against {@link lockById} until the transaction ends. */
  holdById(id: string): Promise<User | null> {
    return this.any.hold({ id });
  }

  /** The accounts with these ids, as far as they exist; as {@link findById}. */
  async findByIds(ids: readonly string[]): Promise<User[]> {
    return ids.length === 0 ? [] : this.listed.all({ ids });
  }

  /** The account of an address in lower case; as {@link findById}. */
  findByEmail(email: string): Promise<User | null> {
    return this.addressed.one({ email });
  }

  /** All accounts that match, newest first; none without `users.list`. @throws ValidationFailed for a cursor of another list */
  async pageVisibleTo(actor: Actor, query: UserQuery): Promise<Page<User>> {
    return may(actor, 'users.list') ? this.newest.page({}, query) : emptyPage(query);
  }

  /**
   * Whether another active superadmin exists. Holds, until the transaction ends, all others who ask: so two of them
   * cannot go at once.
   */
  async hasOtherSuperadmin({ id }: User): Promise<boolean> {
    await this.database.withLock('users.superadmins');
    return (await this.otherSuperadmins.count({ active: true, id })) > 0;
  }

  /** Count a sign-in; false when the account is shut out. */
  async recordLogin(id: string, at: Date): Promise<boolean> {
    return (await this.database.execute(this.countingLogin, { id, at, active: true })) > 0;
  }

  /** Count a sign-in unless the last one is from `before` or later; false when it is, or the account is shut out. */
  async recordLaterLogin(id: string, at: Date, before: Date): Promise<boolean> {
    return (await this.database.execute(this.countingLaterLogin, { id, at, before, active: true })) > 0;
  }

  /** Note that the person of an account that the caller has locked has proved its address. */
  async verifyEmail(user: User, at: Date): Promise<void> {
    await this.database.execute(this.verifying, { id: user.id, at });
    user.emailVerifiedAt = at;
    user.version += 1;
    this.cache.invalidateTag(userTag(user.id));
  }

  /** Give the account another address, proved; false when that is taken, or the account has moved since it was read. */
  async moveTo({ email: seen, id }: User, email: string, at: Date): Promise<boolean> {
    const moved = (await this.database.execute(this.moving, { id, seen, email, at })) > 0;
    if (moved) this.cache.invalidateTag(userTag(id));
    return moved;
  }
}

/** @throws NotFound unless the account is the actor's own, or they have the permission */
function mustReach(actor: Actor, id: string, permission: string): void {
  if (id !== personScope(actor) && !may(actor, permission)) throw new NotFound('User', id);
}
