import { Injectable } from '@nestjs/common';
import { AuditTrail, AuditLog } from '@platform/audit';
import { Cron } from '@platform/queue';
import { ProjectsService } from '../projects.service';

/** What happens to projects at set times. */
@Injectable()
export class ProjectsSchedule {
  constructor(
    private readonly projects: ProjectsService,
    private readonly audit: AuditTrail,
  ) {}

  /** Remove for good what was deleted longer ago than the retention, nightly. */
  @Cron('45 3 * * *', { name: 'projects.purge-deleted' })
  @AuditLog('project.purge')
  async purgeDeleted(): Promise<void> {
    this.audit.note({ details: { purged: await this.projects.purge() } });
  }
}
