export { AuthApiModule } from './auth-api.module';
export { DemoAccounts } from './demo-accounts';
