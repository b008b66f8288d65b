import { definePermissions } from '@platform/kernel';

/** What a caller may do with his sign-in and what he proves himself with. */
export const authPermissions = definePermissions({
  'auth.use_own_session': { summary: 'See and end the own sign-in', roles: ['user', 'admin', 'superadmin'] },
  'auth.manage_api_keys': { summary: 'See, make and end own API keys', roles: ['user', 'admin', 'superadmin'] },
  'auth.read_roles': { summary: 'See what each role may do', roles: ['admin', 'superadmin'] },
  'auth.manage_own_credentials': {
    summary: 'Change the own password and second factor',
    roles: ['user', 'admin', 'superadmin'],
  },
});
