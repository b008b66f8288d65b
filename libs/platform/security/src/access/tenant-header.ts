/** The request header that names the tenant to act for, as clients write it and API documents show it. */
export const TENANT_HEADER = {
  name: 'X-Organization-Id',
  description:
    'Id of the organization to act for, `personal` for oneself; without it what the sign-in was switched to, else oneself.',
} as const;

/** The word of {@link TENANT_HEADER} for acting as oneself. */
export const ONESELF = 'personal';
