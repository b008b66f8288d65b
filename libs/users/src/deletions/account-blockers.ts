import { Injectable } from '@nestjs/common';
import { type User } from '../entities/user.entity';
import { UserRepository } from '../user.repository';
import { DeletionBlockers } from './deletion-blockers';

/** What is in the way of deleting an account. */
@Injectable()
export class AccountBlockers {
  constructor(
    private readonly users: UserRepository,
    private readonly blockers: DeletionBlockers,
  ) {}

  /**
   * One sentence for each, none when nothing is in the way. Inside the caller's transaction, until whose end no other
   * superadmin goes.
   */
  async of(user: User): Promise<string[]> {
    const needed = user.role === 'superadmin' && user.isActive && !(await this.users.hasOtherSuperadmin(user));
    const own = needed ? ['You are the last active superadmin: make another superadmin first'] : [];
    return [...own, ...(await this.blockers.reasons(user.id))];
  }
}
