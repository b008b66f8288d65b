import { definePermissions } from '@platform/kernel';

/** What a caller may do with his sign-in. */
export const authPermissions = definePermissions({
  'auth.use_own_session': { summary: 'See and end the own sign-in', roles: ['user', 'admin', 'superadmin'] },
  'auth.manage_api_keys': { summary: 'See, make and end own API keys', roles: ['user', 'admin', 'superadmin'] },
  'auth.read_roles': { summary: 'See what each role may do', roles: ['admin', 'superadmin'] },
});
