import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { ApiKeysController } from './api-keys.controller';
import { ApiKeysGateway } from './api-keys.gateway';
import { AuthController } from './auth.controller';
import { JwksController } from './jwks.controller';
import { PermissionsController } from './permissions.controller';
import { PublicAuthController } from './public-auth.controller';
import { RolesController } from './roles.controller';

/** What the API process serves of auth. */
@Module({ imports: [AuthModule, UsersModule], controllers: [PublicAuthController, AuthController, JwksController] })
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [PublicAuthController, AuthController, ApiKeysController, PermissionsController, RolesController],
  providers: [ApiKeysGateway],
import { IdentitiesController } from './identities.controller';
import { PublicAuthController } from './public-auth.controller';
import { PublicOidcController } from './public-oidc.controller';

/** What the API process serves of auth. */
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [PublicAuthController, PublicOidcController, AuthController, IdentitiesController],
import { AuthGateway } from './auth.gateway';
import { PublicAccountsController } from './public-accounts.controller';
import { PublicAuthController } from './public-auth.controller';
import { SecondFactorController } from './second-factor.controller';
import { SessionsController } from './sessions.controller';

/** What the API process serves of auth. */
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [
    PublicAuthController,
    PublicAccountsController,
    AuthController,
    SessionsController,
    SecondFactorController,
  ],
  providers: [AuthGateway],
})
export class AuthApiModule {}
