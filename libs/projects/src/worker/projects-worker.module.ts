import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects.module';
import { ProjectsSchedule } from './projects.schedule';

/** What the worker does for projects. */
@Module({ imports: [ProjectsModule], providers: [ProjectsSchedule] })
export class ProjectsWorkerModule {}
