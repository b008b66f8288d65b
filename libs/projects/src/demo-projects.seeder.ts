import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { Seeder, type Seeds } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { ProjectsService } from './projects.service';

const OWNER = 'user@omnistack.local';
const NAMES = ['Website relaunch', 'Mobile app', 'Quarterly report'];

/** Gives the demo user a few projects, so that the first list is not empty. */
@Seeder({ set: 'demo' })
@Injectable()
export class DemoProjectsSeeder implements Seeds {
  constructor(
    private readonly users: UserDirectory,
    private readonly projects: ProjectsService,
  ) {}

  /** Does nothing when the demo user is missing or has had a project before. */
  async seed(): Promise<string | undefined> {
    const owner = await this.users.byEmail(OWNER);
    if (!owner) return undefined;
    const actor: Actor = { kind: 'user', id: owner.id, email: owner.email, permissions: new Set() };
    const { total } = await this.projects.page(actor, { skip: 0, limit: 1 });
    if (total > 0) return undefined;
    for (const name of NAMES) await this.projects.create(actor, { name });
    return `${NAMES.length} projects of ${OWNER}`;
  }
}
