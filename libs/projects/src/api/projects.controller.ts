import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@platform/audit';
import { Idempotent, IfMatch, PageDto, pageOf, UuidParam } from '@platform/http';
import { type Actor } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { ProjectsService } from '../projects.service';
import { CreateProjectDto, ListProjectsDto, ProjectDto, UpdateProjectDto } from './project.dto';

/** The caller's own projects. */
@ApiTags('projects')
@Controller({ path: 'app/projects', version: ['1', '2'] })
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  /** List own projects: newest first, or by name when searched. */
  @Get()
  @Can('projects.read')
  @ApiOkResponse({ type: pageOf(ProjectDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: ListProjectsDto): Promise<PageDto<ProjectDto>> {
    return PageDto.of(await this.projects.page(actor, query), ProjectDto.of);
  }

  /** Create a project and own it. */
  @Post()
  @Can('projects.create')
  @Idempotent()
  @AuditLog('resource.created', { resource: 'project' })
  async create(@CurrentActor() actor: Actor, @Body() body: CreateProjectDto): Promise<ProjectDto> {
    return ProjectDto.of(await this.projects.create(actor, body));
  }

  /** Read one own project. */
  @Get(':id')
  @Can('projects.read')
  async read(@CurrentActor() actor: Actor, @UuidParam('id', 'Project') id: string): Promise<ProjectDto> {
    return ProjectDto.of(await this.projects.read(actor, id));
  }

  /** Change one own project; with If-Match only the version that it names. */
  @Patch(':id')
  @Can('projects.update')
  @AuditLog('resource.updated', { resource: 'project', target: 'id' })
  async update(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Project') id: string,
    @Body() body: UpdateProjectDto,
    @IfMatch() version?: number,
  ): Promise<ProjectDto> {
    return ProjectDto.of(await this.projects.update(actor, id, body, version));
  }

  /** Delete one own project; an admin can restore it for a while. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @Can('projects.delete')
  @AuditLog('resource.deleted', { resource: 'project', target: 'id' })
  delete(
    @CurrentActor() actor: Actor,
    @UuidParam('id', 'Project') id: string,
    @IfMatch() version?: number,
  ): Promise<void> {
    return this.projects.delete(actor, id, version);
  }
}

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
