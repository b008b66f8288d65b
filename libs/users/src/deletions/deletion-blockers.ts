import { Injectable } from '@nestjs/common';

/** What keeps an account of which a domain above cannot lose the person: the only owner of an organization, a running contract. */
export abstract class DeletionBlocker {
  /** What must be settled before the account can go, one sentence each for its person; none when nothing is in the way. */
  abstract reasons(userId: string): Promise<readonly string[]>;
}

/**
 * The blockers that the domains of this process know. The core module of a domain registers its own when it starts, so that
 * the API, which is asked, and the worker, which erases, know the same:
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

  /** Ask `blocker`, too, before an account goes. */
  register(blocker: DeletionBlocker): void {
    this.registered.add(blocker);
  }

  /** What every domain says, in the order of registration. */
  async reasons(userId: string): Promise<string[]> {
    const found: string[] = [];
    for (const blocker of this.registered) found.push(...(await blocker.reasons(userId)));
    return found;
  }
}
