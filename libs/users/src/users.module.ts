import { Module, type OnModuleInit } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import * as contract from './contract';
import { AccountDeletionRepository } from './deletions/account-deletion.repository';
import { AccountDeletionsService } from './deletions/account-deletions.service';
import { AccountErasure } from './deletions/account-erasure';
import { DeletionBlockers } from './deletions/deletion-blockers';
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

/** What the deletion of accounts is made of. */
const DELETIONS = [DeletionBlockers, AccountDeletionRepository, AccountDeletionsService, AccountErasure];

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
  contract,
  entities: [User, AccountDeletion],
  migrations: [CreateUsers1767225610000, CreateAccountDeletions1767225611000],
  settings: [UsersConfig],
  subjects: ['users'],
  pages: [ACCOUNT_DELETION_PAGE],
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
