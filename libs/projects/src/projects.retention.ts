import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { ProjectRepository } from './project.repository';
import { ProjectsConfig } from './projects.config';

const DAY_MS = 86_400_000;
const BATCH = 500;

/** Removes for good what was deleted long enough ago. */
@Injectable()
export class ProjectsRetention {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly config: ProjectsConfig,
    private readonly clock: Clock,
  ) {}

  /** Purge in batches, each a transaction of its own where there is none; returns how many projects are gone. */
  async purge(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - this.config.retentionDays * DAY_MS);
    let purged = 0;
    for (;;) {
      const batch = await this.projects.purge(before, BATCH);
      purged += batch;
      if (batch < BATCH) return purged;
    }
  }
}
