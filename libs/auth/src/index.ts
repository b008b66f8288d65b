export { ApiKeysService, type NewApiKey, type ReadableApiKey } from './api-keys/api-keys.service';
export { AuthModule } from './auth.module';
export { type EmailAndPassword, LocalAccountsService } from './credentials/local-accounts.service';
export { type SignIn, SignInsService } from './sessions/sign-ins.service';
