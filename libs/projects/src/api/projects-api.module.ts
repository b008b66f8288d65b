import { Module } from '@nestjs/common';
import { ownerHears } from '@platform/realtime';
import { ProjectCreated, ProjectDeleted, ProjectRestored, ProjectUpdated } from '../contract';
import { ProjectsModule } from '../projects.module';
import { AdminProjectsController, ProjectsController } from './projects.controller';

/** What the API process serves of projects. */
@Module({
  imports: [ProjectsModule],
  controllers: [ProjectsController, AdminProjectsController],
  providers: ownerHears('project', 'project_id', {
    created: [ProjectCreated, ProjectRestored],
    updated: [ProjectUpdated],
    deleted: [ProjectDeleted],
  }),
})
export class ProjectsApiModule {}
