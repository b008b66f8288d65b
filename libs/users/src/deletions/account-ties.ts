import { Injectable } from '@nestjs/common';

/** What a domain above says may not lose its person: the only owner of an organization, a running contract. */
export abstract class AccountTies {
  /** What must be settled before the account can go, one sentence each for its person; none when nothing is in the way. */
  abstract obstacles(userId: string): Promise<readonly string[]>;
}

/**
 * The ties that the domains of this process know. The core module of a domain registers its own when it starts, so that
 * the API, which is asked, and the worker, which erases, know the same:
 *
 * ```ts
 * export class OrganizationsModule implements OnModuleInit {
 *   constructor(private readonly ties: AccountTiesRegistry, private readonly ownerships: OwnershipTies) {}
 *   onModuleInit(): void {
 *     this.ties.register(this.ownerships);
 *   }
 * }
 * ```
 */
@Injectable()
export class AccountTiesRegistry {
  private readonly registered = new Set<AccountTies>();

  /** Ask `ties`, too, before an account goes. */
  register(ties: AccountTies): void {
    this.registered.add(ties);
  }

  /** What every domain says, in the order of registration. */
  async obstacles(userId: string): Promise<string[]> {
    const found: string[] = [];
    for (const ties of this.registered) found.push(...(await ties.obstacles(userId)));
    return found;
  }
}
