export { type NewApiKey } from './api-keys/api-key-rules';
export { ApiKeysService, type ReadableApiKey } from './api-keys/api-keys.service';
export { AuthModule } from './auth.module';
export { type EmailAndPassword, LocalAccountsService } from './sign-in/local-accounts.service';
export { type SignIn, SignInsService } from './sign-in/sign-ins.service';
