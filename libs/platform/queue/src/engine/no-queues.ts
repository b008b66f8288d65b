import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { BootRefused } from '@platform/kernel';
import { bullUsesIn } from './bull-uses';

const FIX =
  "write a job instead, which runs in every mode: defineJob() in the domain's contract, @JobHandler in its worker " +
  'module; or have BullMQ carry the jobs: set REDIS_URL, or DATABASE_URL with a PostgreSQL address';

/** Stands where BullMQ is not loaded: a queue of BullModule would look for a Redis at localhost, and wait in silence. */
@Injectable()
export class NoQueues {
  /**
   * Already here: BullModule starts what it finds when modules are initialised.
   * @throws BootRefused naming each queue and processor of BullModule, with what to write instead
   */
  constructor(discovery: DiscoveryService) {
    const { queues, processors } = bullUsesIn(discovery);
    const problems = [...queues, ...processors].map(({ what }) => `${what}: the embedded engine has no BullMQ; ${FIX}`);
    if (problems.length > 0) throw new BootRefused(problems);
  }
}
