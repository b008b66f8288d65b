export { HttpWorkerModule } from './http-worker.module';
