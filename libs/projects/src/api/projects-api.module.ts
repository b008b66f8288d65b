import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects.module';
import { AdminProjectsController } from './admin-projects.controller';
import { ProjectsController } from './projects.controller';
import { ProjectsGateway } from './projects.gateway';

/** What the API process serves of projects. */
@Module({
  imports: [ProjectsModule],
  controllers: [ProjectsController, AdminProjectsController],
  providers: [ProjectsGateway],
})
export class ProjectsApiModule {}
