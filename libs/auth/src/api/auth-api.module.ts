import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { ApiKeysController } from './api-keys.controller';
import { ApiKeysGateway } from './api-keys.gateway';
import { AuthController } from './auth.controller';
import { AuthGateway } from './auth.gateway';
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

/** What the API process serves of auth. */
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [
    ...[PublicAuthController, PublicAccountsController, PublicOidcController, JwksController],
    ...[AuthController, SessionsController, SecondFactorController, IdentitiesController],
    ...[ApiKeysController, PermissionsController, RolesController],
    ...[BrowserSessionsController, BrowserLinkController],
  ],
  providers: [AuthGateway, ApiKeysGateway, DemoAccounts, DeviceCookies, ...RATE_LIMIT_KEYS],
})
export class AuthApiModule {}
