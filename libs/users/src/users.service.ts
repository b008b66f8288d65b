import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Cache } from '@platform/cache';
import { applyChanges, changeableValues, fromWire, Transactional } from '@platform/database';
import { type Actor, type JsonObject, may, type Page } from '@platform/kernel';
import { Events } from '@platform/queue';
import { UserActivated, UserDeactivated, UserUpdated } from './contract';
import { type ProfileChanges, User, type UserChanges } from './entities/user.entity';
import { type UserQuery, UserRepository } from './user.repository';
import { LastSuperadmin, OwnDeactivation, OwnRoleChange, RoleNotGrantable } from './users.errors';
import { userTag } from './users.tags';

/** Published operations on accounts. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UserRepository,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly cache: Cache,
  ) {}

  /** The actor's own account. @throws NotFound (404) when the actor is no person */
  me(actor: Actor): Promise<User> {
    return this.users.mustFind(actor, actor.id);
  }

  /** Change the actor's own profile, and nothing else of the account. @throws as {@link patch} */
  updateMe(actor: Actor, { avatar_url, full_name }: ProfileChanges, version?: number): Promise<User> {
    return this.patch(actor, actor.id, { avatar_url, full_name }, version);
  }

  /**
   * A page of all accounts, newest first; empty for callers who may not list.
   * @throws ValidationFailed (422) for a cursor of another list
   */
  page(actor: Actor, query: UserQuery): Promise<Page<User>> {
    return this.users.pageVisibleTo(actor, query);
  }

  /** One account: the actor's own, or anybody's with `users.read`. @throws NotFound (404) */
  read(actor: Actor, id: string): Promise<User> {
    return this.users.mustFind(actor, id);
  }

  /**
   * Change an account, its role and whether it is active included; publishes `UserUpdated`, `UserActivated` or
   * `UserDeactivated` for what changed. `changes` without a difference change nothing.
   * @throws NotFound (404); PreconditionFailed (412) when `version` is given and is not the present one; OwnRoleChange and
   * OwnDeactivation (400); RoleNotGrantable (403) when an account with a higher role is concerned and the actor lacks
   * `users.grant_roles`; LastSuperadmin (409)
   */
  @Transactional()
  async patch(actor: Actor, id: string, changes: UserChanges, version?: number): Promise<User> {
    this.audit.note({ resourceType: 'user', resourceId: id });
    const user = await this.users.mustLock(actor, id, version);
    const { isActive, role } = user;
    const before = changeableValues(user);
    const changed = applyChanges(user, fromWire(User, changes));
    if (changed.length === 0) return user;
    await this.mustBeAllowed(actor, user, { isActive, role });
    await this.users.save(user);
    await this.announce(user, changed);
    const only = (values: JsonObject) => Object.fromEntries(changed.map((field) => [field, values[field] ?? null]));
    this.audit.note({ details: { before: only(before), after: only(changeableValues(user)) } });
    return user;
  }

  /** Let a person in again. @throws as {@link patch} */
  activate(actor: Actor, id: string): Promise<User> {
    return this.patch(actor, id, { is_active: true });
  }

  /** Shut a person out: every further request answers 403, open sockets close. @throws as {@link patch} */
  deactivate(actor: Actor, id: string): Promise<User> {
    return this.patch(actor, id, { is_active: false });
  }

  /** The role rules: spec 03 §4.2. */
  private async mustBeAllowed(actor: Actor, user: User, before: Pick<User, 'isActive' | 'role'>): Promise<void> {
    const hasOtherRole = user.role !== before.role;
    if (!hasOtherRole && user.isActive === before.isActive) return;
    if (user.id === actor.id) throw hasOtherRole ? new OwnRoleChange() : new OwnDeactivation();
    const wasSuperadmin = before.role === 'superadmin' && before.isActive;
    const isSuperadmin = user.role === 'superadmin' && user.isActive;
    if (wasSuperadmin && !isSuperadmin && !(await this.users.hasOtherSuperadmin(user))) throw new LastSuperadmin();
    // A change of role always grants or removes a higher one; shutting its holder out removes it, too.
    if ((hasOtherRole || before.role !== 'user') && !may(actor, 'users.grant_roles')) throw new RoleNotGrantable();
  }

  private async announce(user: User, changed: readonly string[]): Promise<void> {
    this.cache.invalidateTag(userTag(user.id));
    const facts = { user_id: user.id };
    const others = changed.filter((field) => field !== 'is_active');
    if (others.length > 0) await this.events.publish(new UserUpdated({ ...facts, changed: others }));
    if (!changed.includes('is_active')) return;
    const shutOut = () => new UserDeactivated({ ...facts, deactivated_at: user.updatedAt.toISOString() });
    await this.events.publish(user.isActive ? new UserActivated(facts) : shutOut());
  }
}
