import { Injectable } from '@nestjs/common';
import { Transactional } from '@platform/database';
import { Clock } from '@platform/kernel';
import { Events, Jobs } from '@platform/queue';
import { EMAIL_ADDRESS } from '@platform/security';
import { SendWelcomeMail, UserRegistered, UserUpdated } from './contract';
import { type ProfileChanges, type User } from './entities/user.entity';
import { UserRepository } from './user.repository';
import { EmailTaken } from './users.errors';

/** What a new account is made of. */
export interface NewUser extends ProfileChanges {
  email: string;
  /** Whether somebody whom we trust says that the address is the person's. */
  email_verified?: boolean;
}

/** Accounts as `auth` needs them: before there is an actor. Everybody else uses `UsersService`. */
@Injectable()
export class UserDirectory {
  constructor(
    private readonly users: UserRepository,
    private readonly events: Events,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  /** The account with this id, or null. */
  byId(id: string): Promise<User | null> {
    return this.users.findById(id);
  }

  /**
   * As {@link byId}, held until the caller's transaction ends: neither a deletion nor a first proof comes in between. Callers who
   * change several rows of an account hold it first, so that no two wait for each other (decision 0046).
   */
  hold(id: string): Promise<User | null> {
    return this.users.holdById(id);
  }

  /** The accounts with these ids by id, in one query; those that are gone are missing. Give at most a page of ids. */
  async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, User>> {
    return new Map((await this.users.findByIds(ids)).map((user) => [user.id, user]));
  }

  /** The account with this address, in any case, or null. */
  byEmail(email: string): Promise<User | null> {
    return this.users.findByEmail(EMAIL_ADDRESS.normalise(email));
  }

  /**
   * Make an active account with the role `user`; publishes `UserRegistered` and sends one welcome mail.
   * @throws EmailTaken (409) when the address has an account, also when two come at once
   */
  @Transactional()
  async register(input: NewUser): Promise<User> {
    const user = await this.users.addUnlessTaken({
      email: EMAIL_ADDRESS.normalise(input.email),
      fullName: input.full_name,
      avatarUrl: input.avatar_url,
      emailVerifiedAt: input.email_verified ? this.clock.now() : null,
    });
    if (!user) throw new EmailTaken();
    await this.events.publish(new UserRegistered({ user_id: user.id }));
    await this.jobs.enqueue(SendWelcomeMail, { user_id: user.id }, { key: user.id });
    return user;
  }

  /** Count a sign-in of the account; false when it is shut out, also since a moment ago. */
  recordLogin(user: User): Promise<boolean> {
    return this.users.recordLogin(user.id, this.clock.now());
  }

  /**
   * Count a sign-in of somebody whose tokens come from elsewhere, so that nobody sees them sign in.
   * @returns false when the last one is younger than `quietMs` (milliseconds), also one that another process counted a
   * moment ago, or the account is shut out
   */
  recordLaterLogin(id: string, quietMs: number): Promise<boolean> {
    const at = this.clock.now();
    return this.users.recordLaterLogin(id, at, new Date(at.getTime() - quietMs));
  }

  /**
   * Give the account another address that its person has proved to hold; publishes `UserUpdated`.
   * @returns the account as stored; null when the address is taken, or the account has moved since it was read
   * @throws a unique violation when somebody takes the address at this moment
   */
  @Transactional()
  async moveTo(user: User, email: string): Promise<User | null> {
    if (!(await this.users.moveTo(user, EMAIL_ADDRESS.normalise(email), this.clock.now()))) return null;
    await this.events.publish(new UserUpdated({ user_id: user.id, changed: ['email'] }));
    return this.users.findById(user.id);
  }
}
