import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';

const ADDRESSES = ['admin@omnistack.local', 'user@omnistack.local'];

/** The accounts of the demo set, whose password everybody knows. */
@Injectable()
export class DemoAccounts {
  constructor(private readonly directory: UserDirectory) {}

  /** Addresses of those that there are and that may sign in. */
  async existing(): Promise<string[]> {
    const found = await Promise.all(ADDRESSES.map((address) => this.directory.byEmail(address)));
    return found.flatMap((user) => (user?.isActive ? [user.email] : []));
  }
}
