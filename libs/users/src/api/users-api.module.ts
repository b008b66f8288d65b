import { Module } from '@nestjs/common';
import { UsersModule } from '../users.module';
import { AccountDeletionsController } from './account-deletions.controller';
import { AdminUsersController } from './admin-users.controller';
import { UsersV2Controller } from './users-v2.controller';
import { UsersController } from './users.controller';
import { UsersGateway } from './users.gateway';

/** What the API process serves of users. */
@Module({
  imports: [UsersModule],
  controllers: [UsersController, UsersV2Controller, AccountDeletionsController, AdminUsersController],
  providers: [UsersGateway],
})
export class UsersApiModule {}
