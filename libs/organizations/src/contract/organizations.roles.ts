/** Roles in an organization, in rising order: each may do what those before it may, and more. */
export const ORGANIZATION_ROLES = ['member', 'admin', 'owner'] as const;

/** One of {@link ORGANIZATION_ROLES}. */
export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number];

/** Roles that one can be invited to; an owner is made of a member. */
export const INVITABLE_ROLES = ['member', 'admin'] as const;

/** One of {@link INVITABLE_ROLES}. */
export type InvitableRole = (typeof INVITABLE_ROLES)[number];
