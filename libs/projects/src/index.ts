export { Project } from './entities/project.entity';
export { type ProjectQuery } from './project.repository';
export { ProjectsModule } from './projects.module';
export { ProjectsService } from './projects.service';
