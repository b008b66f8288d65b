export { AuthApiModule } from './auth-api.module';
