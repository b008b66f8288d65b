export { type NewProject, Project, type ProjectChanges } from './entities/project.entity';
export { type ProjectQuery } from './project.repository';
export { ProjectsModule } from './projects.module';
export { ProjectsService } from './projects.service';
