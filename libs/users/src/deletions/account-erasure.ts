import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Cache } from '@platform/cache';
import { type ErasureReport, SubjectData, Transactional } from '@platform/database';
import { Events, Jobs } from '@platform/queue';
import { EraseAccount, SendAccountDeletedMail, SendDeletionMail, UserErased } from '../contract';
import { type AccountDeletion } from '../entities/account-deletion.entity';
import { type User } from '../entities/user.entity';
import { UserRepository } from '../user.repository';
import { userTag } from '../users.tags';
import { AccountDeletionRepository } from './account-deletion.repository';
import { DeletionBlockers } from './deletion-blockers';

/** By then every request that was under way when the account went has ended, milliseconds. */
const SWEEP_AFTER_MS = 600_000;

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
    private readonly blockers: DeletionBlockers,
    private readonly subjectData: SubjectData,
    private readonly jobs: Jobs,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly cache: Cache,
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
    if (!deletion.isDue(now)) return { outcome: 'not_due' };
    const reasons = user ? await this.blockers.of(user) : [];
    if (reasons.length === 0) return this.meet(deletion, user, now);
    // The person is told once.
    if (deletion.blockedAt === null) await this.tellWhy(deletion, reasons);
    await this.deletions.block(deletion, now);
    return { outcome: 'blocked' };
  }

  private async meet(deletion: AccountDeletion, user: User | null, now: Date): Promise<ErasureOutcome> {
    const { id, userId } = deletion;
    const rows = await this.subjectData.erase('person', userId, user?.email);
    await this.deletions.conclude(deletion, now);
    this.cache.invalidateTag(userTag(userId));
    await this.events.publish(new UserErased({ user_id: userId }));
    // The last mail goes to the address that the account had, from a job that is purged an hour after.
    if (user) await this.jobs.enqueue(SendAccountDeletedMail, { deletion_id: id, email: user.email }, { key: id });
    // A second look removes what a request wrote that was under way meanwhile.
    await this.jobs.enqueue(EraseAccount, { deletion_id: id }, { key: `${id}:sweep`, delayMs: SWEEP_AFTER_MS });
    const details = { deletion_id: id, rows: { ...rows } };
    await this.audit.append({ action: 'user.deleted', resourceType: 'user', resourceId: userId, details });
    return { outcome: 'erased', rows };
  }

  private async tellWhy({ id }: AccountDeletion, obstacles: string[]): Promise<void> {
    const payload = { deletion_id: id, occasion: 'blocked' as const, obstacles };
    await this.jobs.enqueue(SendDeletionMail, payload, { key: `${id}:blocked` });
  }
}
