export { Project, type ProjectChanges } from './entities/project.entity';
export { type ProjectPage, type ProjectPageQuery } from './project.repository';
export { ProjectsModule } from './projects.module';
export { type NewProject, ProjectsService } from './projects.service';
