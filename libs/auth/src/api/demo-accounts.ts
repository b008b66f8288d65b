import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { DEMO_ACCOUNTS } from '../sign-in/demo-accounts';

/** The accounts of the demo set, whose password everybody knows. */
@Injectable()
export class DemoAccounts {
  constructor(private readonly directory: UserDirectory) {}

  /** Addresses of those that there are and that may sign in. */
  async existing(): Promise<string[]> {
    const found = await Promise.all(DEMO_ACCOUNTS.map(({ email }) => this.directory.byEmail(email)));
    return found.flatMap((user) => (user?.isActive ? [user.email] : []));
  }
}
