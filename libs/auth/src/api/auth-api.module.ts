import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { onceCommitted } from '@platform/realtime';
import { AuthModule } from '../auth.module';
import { ApiKeyEnded, IdentityEnded, SessionsEnded } from '../contract';
import { ApiKeysController } from './api-keys.controller';
import { AuthController } from './auth.controller';
import { BrowserLinkController, BrowserSessionsController } from './browser-sessions.controller';
import { DemoAccounts } from './demo-accounts';
import { DeviceCookies } from './device-tokens';
import { IdentitiesController } from './identities.controller';
import { JwksController } from './jwks.controller';
import { PermissionsController } from './permissions.controller';
import { PublicAccountsController } from './public-accounts.controller';
import { PublicAuthController } from './public-auth.controller';
import { PublicOidcController } from './public-oidc.controller';
import { RATE_LIMIT_KEYS } from './rate-limit-keys';
import { RolesController } from './roles.controller';
import { SecondFactorController } from './second-factor.controller';
import { SessionsController } from './sessions.controller';

/** Sockets of what is over close, once that is committed. */
const SOCKETS = [
  onceCommitted(SessionsEnded, (realtime, { session_ids }) => realtime.disconnectSessions(session_ids)),
  // A token of another issuer has no session to tell its sockets by: all of the person close, and good ones come back.
  onceCommitted(IdentityEnded, (realtime, { user_id }) => realtime.disconnectUser(user_id)),
  onceCommitted(ApiKeyEnded, (realtime, { api_key_id }) => realtime.disconnectApiKey(api_key_id)),
];

/** What the API process serves of auth. */
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [
    ...[PublicAuthController, PublicAccountsController, PublicOidcController, JwksController],
    ...[AuthController, SessionsController, SecondFactorController, IdentitiesController],
    ...[ApiKeysController, PermissionsController, RolesController],
    ...[BrowserSessionsController, BrowserLinkController],
  ],
  providers: [...SOCKETS, DemoAccounts, DeviceCookies, ...RATE_LIMIT_KEYS],
})
export class AuthApiModule {}
