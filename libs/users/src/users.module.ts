import { Module, type OnModuleInit } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import {
  EraseAccount,
  SendAccountDeletedMail,
  SendAddressProvedMail,
  SendDeletionMail,
  SendWelcomeMail,
  UserActivated,
  UserDeactivated,
  UserErased,
  UserRegistered,
  usersPermissions,
  UserUpdated,
} from './contract';
import { AccountDeletionRepository } from './deletions/account-deletion.repository';
import { AccountDeletionsService } from './deletions/account-deletions.service';
import { AccountErasure } from './deletions/account-erasure';
import { AccountBlockers } from './deletions/account-blockers';
import { DeletionBlockers } from './deletions/deletion-blockers';
import { DeletionNotices } from './deletions/deletion-notices';
import { AccountDeletion } from './entities/account-deletion.entity';
import { User } from './entities/user.entity';
import { CreateAccountDeletions1767225611000 } from './migrations/create-account-deletions.migration';
import { CreateUsers1767225610000 } from './migrations/create-users.migration';
import { AddressProofs } from './proofs/address-proofs';
import { FirstProofs } from './proofs/first-proofs';
import { UserDirectory } from './user.directory';
import { UserRepository } from './user.repository';
import { UsersConfig } from './users.config';
import { UsersService } from './users.service';
import { ACCOUNT_DELETION_PAGE } from './users.pages';
import { usersSubjectData } from './users.subject-data';

/** What the deletion of accounts is made of. */
const DELETIONS = [
  DeletionBlockers,
  AccountBlockers,
  AccountDeletionRepository,
  DeletionNotices,
  AccountDeletionsService,
  AccountErasure,
];

/** What the proof of an address is made of. */
const PROOFS = [FirstProofs, AddressProofs];

/** Core of users: what the API, the worker and the command line share. */
@Module({
  providers: [UserRepository, UsersService, UserDirectory, ...DELETIONS, ...PROOFS],
  exports: [UsersService, UserDirectory, UserRepository, ...DELETIONS, ...PROOFS],
})
@Domain({
  name: 'users',
  required: true,
  entities: [User, AccountDeletion],
  migrations: [CreateUsers1767225610000, CreateAccountDeletions1767225611000],
  settings: [UsersConfig],
  permissions: usersPermissions,
  subjects: ['users'],
  subjectData: usersSubjectData,
  jobs: [SendWelcomeMail, SendAddressProvedMail, SendDeletionMail, SendAccountDeletedMail, EraseAccount],
  pages: [ACCOUNT_DELETION_PAGE],
  events: [UserRegistered, UserUpdated, UserDeactivated, UserActivated, UserErased],
})
export class UsersModule implements OnModuleInit {
  constructor(
    private readonly proofs: FirstProofs,
    private readonly deletions: AccountDeletionRepository,
  ) {}

  /** A deletion that was asked for before anybody had proved the address is off. */
  onModuleInit(): void {
    this.proofs.register({
      tables: ['account_deletions'],
      what: 'requests to delete the account',
      end: (userId) => this.deletions.forget(userId),
    });
  }
}
