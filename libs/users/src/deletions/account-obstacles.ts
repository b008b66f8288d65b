import { Injectable } from '@nestjs/common';
import { type User } from '../entities/user.entity';
import { UserRepository } from '../user.repository';
import { AccountTiesRegistry } from './account-ties';

/** What is in the way of deleting an account. */
@Injectable()
export class AccountObstacles {
  constructor(
    private readonly users: UserRepository,
    private readonly ties: AccountTiesRegistry,
  ) {}

  /**
   * One sentence for each, none when nothing is in the way. Inside the caller's transaction, until whose end no other
   * superadmin goes.
   */
  async of(user: User): Promise<string[]> {
    const needed = user.role === 'superadmin' && user.isActive && !(await this.users.hasOtherSuperadmin(user));
    const own = needed ? ['You are the last active superadmin: make another superadmin first'] : [];
    return [...own, ...(await this.ties.obstacles(user.id))];
  }
}
