export { UsersWorkerModule } from './users-worker.module';
