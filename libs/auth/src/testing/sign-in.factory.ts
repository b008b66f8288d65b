import { type NewUser } from '@omni/users';
import { type LocalAccountsService } from '../sign-in/local-accounts.service';
import { type SignIn } from '../sign-in/sign-ins.service';

/** Password of every account that {@link aSignIn} makes. */
export const TEST_PASSWORD = 'correct horse battery';

let serial = 0;

/** A new account, signed in; made by the service. */
export function aSignIn(accounts: LocalAccountsService, input: Partial<NewUser> = {}): Promise<SignIn> {
  serial += 1;
  return accounts.register({ email: `signed-in-${serial}@example.test`, ...input, password: TEST_PASSWORD });
}
