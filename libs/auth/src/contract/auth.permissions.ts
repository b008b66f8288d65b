import { definePermissions } from '@platform/kernel';

const EVERYBODY = ['user', 'admin', 'superadmin'];

/** What a caller may do with their session and what they prove themselves with. */
export const authPermissions = definePermissions({
  // A key that is lying around must not end the sessions of its person.
  'auth.use_own_session': { summary: 'See and end the own session', roles: EVERYBODY, session: true },
  // A key that makes keys would outlive its own end.
  'auth.manage_api_keys': { summary: 'See, make and end own API keys', roles: EVERYBODY, session: true },
  'auth.read_roles': { summary: 'See what each role may do', roles: ['admin', 'superadmin'] },
  // A browser's cookie is as good as the session that asked for it.
  'auth.open_browser_session': {
    summary: 'Open the pages for admins in a browser',
    roles: ['admin', 'superadmin'],
    session: true,
  },
  'auth.manage_own_credentials': {
    summary: 'Change the own password and second factor',
    roles: EVERYBODY,
    session: true,
  },
});
