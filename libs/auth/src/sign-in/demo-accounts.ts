import { type Role } from '@contract/users';

/** Everybody knows it: the accounts exist where ENVIRONMENT is local and nowhere else. */
export const DEMO_PASSWORD = 'omnistack-demo';

/** Who is there for the first look. */
export const DEMO_ACCOUNTS: readonly { readonly email: string; readonly full_name: string; readonly role: Role }[] = [
  { email: 'user@omnistack.local', full_name: 'Demo User', role: 'user' },
  { email: 'admin@omnistack.local', full_name: 'Demo Admin', role: 'superadmin' },
];
