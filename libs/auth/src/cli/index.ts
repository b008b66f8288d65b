export { AuthCliModule } from './auth-cli.module';
