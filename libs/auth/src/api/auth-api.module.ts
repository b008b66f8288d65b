import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { AuthController } from './auth.controller';
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
