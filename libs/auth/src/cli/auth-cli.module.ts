import { Module } from '@nestjs/common';
import { UsersModule } from '@omni/users';
import { AuthModule } from '../auth.module';
import { DemoAccountsSeeder } from './demo-accounts.seeder';

/** What the command line knows of auth. */
@Module({ imports: [AuthModule, UsersModule], providers: [DemoAccountsSeeder] })
export class AuthCliModule {}
