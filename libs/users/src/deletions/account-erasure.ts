import { Injectable } from '@nestjs/common';
import { type ErasureReport, SubjectData, Transactional } from '@platform/database';
import { type AccountDeletion } from '../entities/account-deletion.entity';
import { type User } from '../entities/user.entity';
import { UserRepository } from '../user.repository';
import { AccountDeletionRepository } from './account-deletion.repository';
import { AccountBlockers } from './account-blockers';
import { DeletionNotices } from './deletion-notices';

/** What came of a wish to be deleted that was looked at. */
export type ErasureOutcome =
  | { readonly outcome: 'cancelled' | 'not_due' | 'blocked' }
  | { readonly outcome: 'erased' | 'swept'; readonly rows: ErasureReport };

/** Meets wishes to be deleted. All of one is one transaction: a process that dies leaves the account whole, or nothing. */
@Injectable()
export class AccountErasure {
  constructor(
    private readonly deletions: AccountDeletionRepository,
    private readonly users: UserRepository,
    private readonly blockers: AccountBlockers,
    private readonly subjectData: SubjectData,
    private readonly notices: DeletionNotices,
  ) {}

  /** Meet the wish if it stands at `now` and nothing is in the way. Safe twice: the second time looks for remains. */
  @Transactional()
  async run(deletionId: string, now: Date): Promise<ErasureOutcome> {
    const found = await this.deletions.findById(deletionId);
    if (!found) return { outcome: 'cancelled' };
    // The account first, before anything of it is deleted: a sign-in that comes now waits, and then finds no account.
    const user = await this.users.lockById(found.userId);
    const deletion = await this.deletions.lockById(deletionId);
    if (!deletion) return { outcome: 'cancelled' };
    if (deletion.erasedAt) return { outcome: 'swept', rows: await this.subjectData.erase('person', deletion.userId) };
    return deletion.isDue(now) ? this.meet(deletion, user) : { outcome: 'not_due' };
  }

  private async meet(deletion: AccountDeletion, user: User | null): Promise<ErasureOutcome> {
    const obstacles = user ? await this.blockers.of(user) : [];
    if (obstacles.length > 0) {
      if (deletion.blockedAt === null) await this.notices.blocked(deletion, obstacles);
      await this.deletions.block(deletion);
      return { outcome: 'blocked' };
    }
    const rows = await this.subjectData.erase('person', deletion.userId, user?.email);
    await this.deletions.conclude(deletion);
    await this.notices.erased(deletion, user, rows);
    return { outcome: 'erased', rows };
  }
}
