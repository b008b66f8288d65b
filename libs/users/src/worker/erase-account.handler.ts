import { Injectable } from '@nestjs/common';
import { NoAudit } from '@platform/audit';
import { Clock } from '@platform/kernel';
import { JobHandler } from '@platform/queue';
import { EraseAccount } from '../contract';
import { AccountErasure, type ErasureOutcome } from '../deletions/account-erasure';

/** Deletes an account whose grace period is over. */
@Injectable()
export class EraseAccountHandler {
  constructor(
    private readonly erasure: AccountErasure,
    private readonly clock: Clock,
  ) {}

  /** A wish that was taken back, or is not due yet, is left alone. */
  @JobHandler(EraseAccount)
  @NoAudit('an erasure appends user.deleted itself; a look that changes nothing is no fact')
  erase({ deletion_id }: { deletion_id: string }): Promise<ErasureOutcome> {
    return this.erasure.run(deletion_id, this.clock.now());
  }
}
