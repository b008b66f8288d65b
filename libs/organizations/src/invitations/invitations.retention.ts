import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { InvitationRepository } from './invitation.repository';

/** An address that nobody can be invited by any more is of no use: it stays a month, for people who ask what became of it. */
const RETENTION_MS = 30 * 86_400_000;
const BATCH = 500;

/** Forgets invitations that expired a month ago, whatever became of them. */
@Injectable()
export class InvitationsRetention {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly clock: Clock,
  ) {}

  /** Purge in batches, each a transaction of its own where there is none; returns how many are gone. */
  async purge(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - RETENTION_MS);
    let purged = 0;
    for (;;) {
      const batch = await this.invitations.purge(before, BATCH);
      purged += batch;
      if (batch < BATCH) return purged;
    }
  }
}
