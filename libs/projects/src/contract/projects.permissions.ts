import { definePermissions } from '@platform/kernel';

/** What a caller may do with projects; whose projects is decided by the repository. */
export const projectsPermissions = definePermissions({
  'projects.read': { summary: 'List and read own projects', roles: ['user', 'admin', 'superadmin'] },
  'projects.create': { summary: 'Create a project and own it', roles: ['user', 'admin', 'superadmin'] },
  'projects.update': { summary: 'Change own projects', roles: ['user', 'admin', 'superadmin'] },
  'projects.delete': { summary: 'Delete own projects', roles: ['user', 'admin', 'superadmin'] },
  'projects.restore': { summary: 'Bring back a deleted project of anybody', roles: ['admin', 'superadmin'] },
});
