import { Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import * as events from './contract/projects.events';
import { projectsPermissions } from './contract';
import { DemoProjectsSeeder } from './demo-projects.seeder';
import { Project } from './entities/project.entity';
import { CreateProjects1767225620000 } from './migrations/create-projects.migration';
import { ProjectRepository } from './project.repository';
import { ProjectsConfig } from './projects.config';
import { ProjectsRetention } from './projects.retention';
import { ProjectsService } from './projects.service';
import { projectsSubjectData } from './projects.subject-data';

/** Core of projects: what the API, the worker and the command line share. */
@Module({
  providers: [ProjectRepository, ProjectsService, ProjectsRetention],
  exports: [ProjectsService, ProjectsRetention],
})
@Domain({
  name: 'projects',
  entities: [Project],
  migrations: [CreateProjects1767225620000],
  settings: [ProjectsConfig],
  permissions: projectsPermissions,
  subjectData: projectsSubjectData,
  events: [events.ProjectCreated, events.ProjectUpdated, events.ProjectDeleted, events.ProjectRestored],
  seeders: [DemoProjectsSeeder],
})
export class ProjectsModule {}
