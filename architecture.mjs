/**
 * Who may call whom. This file is the map: .dependency-cruiser.mjs makes its rules from it, and a new arrow is a
 * decision, so it shows as a difference here. What each layer is: docs/architecture/README.md.
 */

/** Platform parts, lowest first. A part imports only from rows above its own. */
export const PLATFORM = [
  ['kernel'],
  ['config', 'crypto'],
  ['database'],
  ['cache', 'observability'],
  ['security'],
  ['audit'],
  ['queue'],
  ['mail', 'storage'],
  ['http'],
  ['realtime', 'webhooks'],
];

/** Domain → the domains whose published services it may call. Their events and jobs (`@contract/*`) are open to all. */
export const DOMAINS = {
  users: [],
  'feature-flags': [],
  usage: [],
  contact: [],
  auth: ['users'],
  organizations: ['users'],
  projects: ['users'],
  files: ['users', 'usage'],
  billing: ['users', 'usage'],
  ai: ['usage'],
  membership: ['users', 'files'],
  dues: ['membership'],
  training: ['membership'],
  casework: ['membership'],
  admin: [
    'users',
    'feature-flags',
    'usage',
    'contact',
    'auth',
    'organizations',
    'projects',
    'files',
    'billing',
    'ai',
    'membership',
    'dues',
    'training',
    'casework',
  ],
};

/** Domains that every installation has: nobody signs in without them. All others can be taken away. */
export const REQUIRED = ['users', 'auth'];

/** Apps, each with the one entry point of a domain that it may enter. */
export const APPS = ['api', 'worker', 'cli'];

/** The one file that the apps share: every domain by its core. Who is not in it is not there for any process. */
export const CORES = 'apps/domains.ts';

/** The one file of the API that may load the worker, lazily, when WORKER is inline. */
export const INLINE_WORKER = 'apps/api/src/inline-worker.ts';

/** What `contract/` and the kernel may import besides themselves: no Nest, no I/O. */
export const KERNEL_BUILTINS = ['async_hooks'];
