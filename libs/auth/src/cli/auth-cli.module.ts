import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { AuthCommand } from './auth.command';
import { DemoAccountsSeeder } from './demo-accounts.seeder';
import { RotateKeysCommand } from './rotate-keys.command';

/** What the command line knows of auth. */
@Module({ imports: [AuthModule, UsersModule], providers: [DemoAccountsSeeder, AuthCommand, RotateKeysCommand] })
export class AuthCliModule {}
