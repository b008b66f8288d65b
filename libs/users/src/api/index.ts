export { UsersApiModule } from './users-api.module';
