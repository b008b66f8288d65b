export { ProjectsCliModule } from './projects-cli.module';
