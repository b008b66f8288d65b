import { Injectable } from '@nestjs/common';
import { type User } from '../entities/user.entity';
import { UserRepository } from '../user.repository';

/** What keeps an account of which a domain above cannot lose the person: the only owner of an organization, a running contract. */
export abstract class DeletionBlocker {
  /** What must be settled before the account can go, one sentence each for its person; none when nothing is in the way. */
  abstract reasons(userId: string): Promise<readonly string[]>;
}

/**
 * What is in the way of deleting an account. The core module of a domain registers its own blockers when it starts, so
 * that the API, which is asked, and the worker, which erases, know the same:
 *
 * ```ts
 * export class OrganizationsModule implements OnModuleInit {
 *   constructor(private readonly blockers: DeletionBlockers, private readonly ownership: OwnershipBlocker) {}
 *   onModuleInit(): void {
 *     this.blockers.register(this.ownership);
 *   }
 * }
 * ```
 */
@Injectable()
export class DeletionBlockers {
  private readonly registered = new Set<DeletionBlocker>();

  constructor(private readonly users: UserRepository) {}

  /** Ask `blocker`, too, before an account goes. */
  register(blocker: DeletionBlocker): void {
    this.registered.add(blocker);
  }

  /**
   * One sentence for each; none when nothing is in the way. Inside the caller's transaction, until whose end no other
   * superadmin goes.
   */
  async of(user: User): Promise<string[]> {
    const isLast = user.role === 'superadmin' && user.isActive && !(await this.users.hasOtherSuperadmin(user));
    const own = isLast ? ['You are the last active superadmin: make another superadmin first'] : [];
    return [...own, ...(await this.reasons(user.id))];
  }

  /** What the domains above say, in the order of registration. */
  async reasons(userId: string): Promise<string[]> {
    const found: string[] = [];
    for (const blocker of this.registered) found.push(...(await blocker.reasons(userId)));
    return found;
  }
}
