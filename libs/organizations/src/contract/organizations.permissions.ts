import { definePermissions } from '@platform/kernel';

const EVERYBODY = ['user', 'admin', 'superadmin'];
const ADMINS = ['admin', 'superadmin'];

/** What a caller may do with organizations; in which, and as what, is decided by the membership. */
export const organizationsPermissions = definePermissions({
  'organizations.read': { summary: 'See own organizations and their members', roles: EVERYBODY },
  'organizations.create': { summary: 'Found an organization', roles: EVERYBODY },
  'organizations.update': { summary: 'Change an organization as its admin', roles: EVERYBODY },
  'organizations.delete': { summary: 'Delete an organization as its owner', roles: EVERYBODY },
  'organizations.manage_members': { summary: 'Change and end memberships, the own one included', roles: EVERYBODY },
  'organizations.invite': { summary: 'Invite people as an admin of the organization', roles: EVERYBODY },
  'organizations.join': { summary: 'Accept an invitation', roles: EVERYBODY },
  'organizations.list_all': { summary: 'List and search all organizations', roles: ADMINS },
  'organizations.read_any': { summary: 'Read any organization', roles: ADMINS },
});
