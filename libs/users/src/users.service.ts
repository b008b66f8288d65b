import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Cache } from '@platform/cache';
import { Transactional } from '@platform/database';
import { type Actor, Clock, may } from '@platform/kernel';
import { Events } from '@platform/queue';
import { UserActivated, UserDeactivated, UserUpdated } from './contract';
import { type ProfileChanges, type User, type UserChanges, type UserValues } from './entities/user.entity';
import { type UserPage, type UserPageQuery, UserRepository } from './user.repository';
import { LastSuperadmin, OwnDeactivation, OwnRoleChange, RoleNotGrantable, UserChanged } from './users.errors';
import { userTag } from './users.tags';

/** Published operations on accounts. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UserRepository,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly cache: Cache,
    private readonly clock: Clock,
  ) {}

  /**
   * The actor's own account.
   *
   * @returns the account
   * @throws UserNotFound (404) when the actor is no person
   */
  me(actor: Actor): Promise<User> {
    return this.users.mustFind(actor, actor.id);
  }

  /**
   * Change the actor's own profile; `changes` without a difference change nothing.
   *
   * @returns the account as stored, and `UserUpdated`
   * @throws UserChanged (412) when `version` is given and is not the present one
   */
  updateMe(actor: Actor, changes: ProfileChanges, version?: number): Promise<User> {
    // Only these two, whatever else the object carries.
    const { avatar_url, full_name } = changes;
    return this.patch(actor, actor.id, { avatar_url, full_name }, version);
  }

  /**
   * A page of all accounts, newest first.
   *
   * @returns the page, the count of all and the cursor of the next; empty for callers who may not list
   * @throws ValidationFailed (422) for a cursor of another list
   */
  page(actor: Actor, query: UserPageQuery): Promise<UserPage> {
    return this.users.pageVisibleTo(actor, query);
  }

  /**
   * One account: the actor's own, or anybody's with `users.read`.
   *
   * @returns the account
   * @throws UserNotFound (404)
   */
  read(actor: Actor, id: string): Promise<User> {
    return this.users.mustFind(actor, id);
  }

  /**
   * Change an account, its role and whether it is active included.
   *
   * @returns the account as stored, and `UserUpdated`, `UserActivated` or `UserDeactivated` for what changed
   * @throws UserNotFound (404)
   * @throws UserChanged (412) when `version` is given and is not the present one
   * @throws OwnRoleChange, OwnDeactivation (400)
   * @throws RoleNotGrantable (403) when an account with a higher role is concerned and the actor lacks
   * `users.grant_roles`
   * @throws LastSuperadmin (409)
   */
  @Transactional()
  async patch(actor: Actor, id: string, changes: UserChanges, version?: number): Promise<User> {
    this.audit.note({ resourceType: 'user', resourceId: id });
    const user = await this.users.mustLock(actor, id);
    if (version !== undefined && version !== user.version) throw new UserChanged(id);
    const before = user.changeable;
    const changed = user.change(changes);
    if (changed.length === 0) return user;
    await this.mustBeAllowed(actor, user, before, changed);
    user.updatedAt = this.clock.now();
    await this.users.save(user);
    await this.announce(user, changed);
    this.audit.note({ details: differences(before, user.changeable, changed) });
    return user;
  }

  /**
   * Let a person in again.
   * @returns the account, and `UserActivated` if it was shut out
   * @throws as {@link patch}
   */
  activate(actor: Actor, id: string): Promise<User> {
    return this.patch(actor, id, { is_active: true });
  }

  /**
   * Shut a person out: every further request answers 403, open sockets close.
   * @returns the account, and `UserDeactivated` if it was active
   * @throws as {@link patch}
   */
  deactivate(actor: Actor, id: string): Promise<User> {
    return this.patch(actor, id, { is_active: false });
  }

  /** The role rules: spec 03 §4.2. */
  private async mustBeAllowed(actor: Actor, user: User, before: UserValues, changed: readonly string[]): Promise<void> {
    const role = changed.includes('role');
    const active = changed.includes('is_active');
    if (!role && !active) return;
    if (user.id === actor.id) throw role ? new OwnRoleChange() : new OwnDeactivation();
    const wasSuperadmin = before.role === 'superadmin' && before.is_active;
    const isSuperadmin = user.role === 'superadmin' && user.isActive;
    if (wasSuperadmin && !isSuperadmin && !(await this.users.hasOtherSuperadmin(user))) throw new LastSuperadmin();
    // A change of role always grants or removes a higher one; shutting its holder out removes it, too.
    if ((role || before.role !== 'user') && !may(actor, 'users.grant_roles')) throw new RoleNotGrantable();
  }

  private async announce(user: User, changed: readonly (keyof UserValues)[]): Promise<void> {
    this.cache.invalidateTag(userTag(user.id));
    const facts = { user_id: user.id };
    const others = changed.filter((field) => field !== 'is_active');
    if (others.length > 0) await this.events.publish(new UserUpdated({ ...facts, changed: others }));
    if (!changed.includes('is_active')) return;
    const shutOut = () => new UserDeactivated({ ...facts, deactivated_at: user.updatedAt.toISOString() });
    await this.events.publish(user.isActive ? new UserActivated(facts) : shutOut());
  }
}

function differences(before: UserValues, after: UserValues, changed: readonly (keyof UserValues)[]) {
  const only = (values: UserValues) => Object.fromEntries(changed.map((field) => [field, values[field]]));
  return { before: only(before), after: only(after) };
}
