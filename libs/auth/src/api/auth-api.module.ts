import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { ApiKeysController } from './api-keys.controller';
import { AuthController } from './auth.controller';
import { PermissionsController } from './permissions.controller';
import { PublicAuthController } from './public-auth.controller';
import { RolesController } from './roles.controller';

/** What the API process serves of auth. */
@Module({
  imports: [AuthModule, UsersModule],
  controllers: [PublicAuthController, AuthController, ApiKeysController, PermissionsController, RolesController],
})
export class AuthApiModule {}
