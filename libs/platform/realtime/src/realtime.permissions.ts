import { definePermissions } from '@platform/kernel';

/** What a caller may ask about sockets. */
export const REALTIME_PERMISSIONS = definePermissions({
  'realtime.status': {
    summary: 'See how many sockets and people are connected',
    roles: ['user', 'admin', 'superadmin'],
  },
  'realtime.presence': { summary: 'See who is connected', roles: ['admin', 'superadmin'] },
});
