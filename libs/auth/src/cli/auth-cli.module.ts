import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { AuthCommand } from './auth.command';
import { DemoAccountsSeeder } from './demo-accounts.seeder';
import { MakeAdminCommand } from './make-admin.command';

/** What the command line knows of auth. */
@Module({ imports: [AuthModule, UsersModule], providers: [AuthCommand, MakeAdminCommand, DemoAccountsSeeder] })
export class AuthCliModule {}
