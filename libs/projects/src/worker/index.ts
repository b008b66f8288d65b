export { ProjectsWorkerModule } from './projects-worker.module';
