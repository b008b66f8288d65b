import { Module } from '@nestjs/common';
import { onceCommitted } from '@platform/realtime';
import { UserDeactivated, UserUpdated } from '../contract';
import { UsersModule } from '../users.module';
import { AccountDeletionsController } from './account-deletions.controller';
import { AdminUsersController } from './admin-users.controller';
import { UsersV2Controller } from './users-v2.controller';
import { UsersController } from './users.controller';

/** What the API process serves of users. */
@Module({
  imports: [UsersModule],
  controllers: [UsersController, UsersV2Controller, AccountDeletionsController, AdminUsersController],
  providers: [
    onceCommitted(UserUpdated, (realtime, { user_id }) =>
      realtime.toUser(user_id, { type: 'update', resource: 'user', action: 'updated', resource_id: user_id }),
    ),
    onceCommitted(UserDeactivated, (realtime, { user_id }) => realtime.disconnectUser(user_id)),
  ],
})
export class UsersApiModule {}
