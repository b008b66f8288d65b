import { Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import {
  SendWelcomeMail,
  UserActivated,
  UserDeactivated,
  UserRegistered,
  usersPermissions,
  UserUpdated,
} from './contract';
import { AccountTiesRegistry } from './deletions/account-ties';
import { User } from './entities/user.entity';
import { CreateUsers1767225610000 } from './migrations/create-users.migration';
import { UserDirectory } from './user.directory';
import { UserRepository } from './user.repository';
import { UsersService } from './users.service';

/** Core of users: what the API, the worker and the command line share. */
@Module({
  providers: [UserRepository, UsersService, UserDirectory, AccountTiesRegistry],
  exports: [UsersService, UserDirectory, AccountTiesRegistry],
})
@Domain({
  name: 'users',
  entities: [User],
  migrations: [CreateUsers1767225610000],
  permissions: usersPermissions,
  jobs: [SendWelcomeMail],
  events: [UserRegistered, UserUpdated, UserDeactivated, UserActivated],
})
export class UsersModule {}
