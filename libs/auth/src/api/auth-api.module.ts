import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { AuthController } from './auth.controller';
import { IdentitiesController } from './identities.controller';
import { PublicAuthController } from './public-auth.controller';
import { PublicOidcController } from './public-oidc.controller';

/** What the API process serves of auth. */
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [PublicAuthController, PublicOidcController, AuthController, IdentitiesController],
})
export class AuthApiModule {}
