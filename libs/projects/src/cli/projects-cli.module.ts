import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { ProjectsModule } from '../projects.module';
import { DemoProjectsSeeder } from './demo-projects.seeder';

/** What the command line knows of projects. */
@Module({ imports: [ProjectsModule, UsersModule], providers: [DemoProjectsSeeder] })
export class ProjectsCliModule {}
