import { Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import * as contract from './contract';
import { DemoProjectsSeeder } from './demo-projects.seeder';
import { Project } from './entities/project.entity';
import { CreateProjects1767225620000 } from './migrations/create-projects.migration';
import { ProjectRepository } from './project.repository';
import { ProjectsConfig } from './projects.config';
import { ProjectsService } from './projects.service';

/** Core of projects: what the API, the worker and the command line share. */
@Module({ providers: [ProjectRepository, ProjectsService], exports: [ProjectsService] })
@Domain({
  name: 'projects',
  contract,
  entities: [Project],
  migrations: [CreateProjects1767225620000],
  settings: [ProjectsConfig],
  seeders: [DemoProjectsSeeder],
})
export class ProjectsModule {}
