/** Roles in rising order; what each may do is the sum of the permissions that name it. */
export const ROLES = ['user', 'admin', 'superadmin'] as const;

/** One of {@link ROLES}; authoritative in `users.role`, never taken from a token. */
export type Role = (typeof ROLES)[number];
