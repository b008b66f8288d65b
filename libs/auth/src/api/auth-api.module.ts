import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { AuthController } from './auth.controller';
import { JwksController } from './jwks.controller';
import { PublicAuthController } from './public-auth.controller';

/** What the API process serves of auth. */
@Module({ imports: [AuthModule, UsersModule], controllers: [PublicAuthController, AuthController, JwksController] })
export class AuthApiModule {}
