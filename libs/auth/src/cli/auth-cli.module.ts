import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { AuthCommand } from './auth.command';
import { MakeAdminCommand } from './make-admin.command';
import { RotateKeysCommand } from './rotate-keys.command';

/** What the command line knows of auth. */
@Module({
  imports: [AuthModule, UsersModule],
  providers: [AuthCommand, MakeAdminCommand, RotateKeysCommand],
})
export class AuthCliModule {}
