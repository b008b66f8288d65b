import { definePermissions } from '@platform/kernel';

/** What a caller may do with accounts. */
export const usersPermissions = definePermissions({
  'users.read_own': { summary: 'Read the own profile', roles: ['user', 'admin', 'superadmin'] },
  'users.update_own': { summary: 'Change the own profile', roles: ['user', 'admin', 'superadmin'] },
  'users.delete_own': { summary: 'Have the own account deleted', roles: ['user', 'admin', 'superadmin'] },
  'users.list': { summary: 'List and search all accounts', roles: ['admin', 'superadmin'] },
  'users.read': { summary: 'Read any account', roles: ['admin', 'superadmin'] },
  'users.update': { summary: 'Change any account', roles: ['admin', 'superadmin'] },
  'users.deactivate': { summary: 'Shut an account out and let it in again', roles: ['admin', 'superadmin'] },
  'users.grant_roles': { summary: 'Grant and remove the roles admin and superadmin', roles: ['superadmin'] },
});
