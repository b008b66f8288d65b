export { ProjectsApiModule } from './projects-api.module';
