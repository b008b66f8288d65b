import { definePermissions } from '@platform/kernel';

/** What a caller may see of the queues. */
export const QUEUE_PERMISSIONS = definePermissions({
  'queues.look': { summary: 'Look at the queues of BullMQ', roles: ['admin', 'superadmin'] },
});
