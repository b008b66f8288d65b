export { type NewApiKey } from './api-keys/api-key-rules';
export { ApiKeysService, type ReadableApiKey } from './api-keys/api-keys.service';
export { AuthModule } from './auth.module';
export { type EmailAndPassword, LocalAccountsService } from './credentials/local-accounts.service';
export { type SignIn, SignInsService } from './sessions/sign-ins.service';
