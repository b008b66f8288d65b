import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { ProjectsService } from '../projects.service';
import { ProjectDto } from './project.dto';

/** What an admin does with anybody's projects. */
@ApiTags('projects')
@Controller({ path: 'admin/projects', version: ['1', '2'] })
export class AdminProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  /** Bring back a deleted project, whoever owns it; one that is not deleted stays as it is. */
  @Post(':id/restore')
  @HttpCode(200)
  @Can('projects.restore')
  @AuditLog('resource.restored', { resource: 'project', target: 'id' })
  async restore(@CurrentActor() actor: Actor, @UuidParam('id', 'Project') id: string): Promise<ProjectDto> {
    return ProjectDto.of(await this.projects.restore(actor, id));
  }
}
