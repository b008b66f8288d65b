/** One permission as a domain declares it. */
export interface PermissionContract {
  /** `<domain>.<verb>`. */
  readonly name: string;
  readonly summary: string;
  /** Names of the roles that hold it. */
  readonly roles: readonly string[];
  /** Set: for a person who is signed in; no API key carries it, whatever its scopes say. */
  readonly session?: true;
}

/** Declare a domain's permissions: name → what it allows, and the roles that hold it. */
export function definePermissions(
  permissions: Record<string, Omit<PermissionContract, 'name'>>,
): readonly PermissionContract[] {
  return Object.freeze(Object.entries(permissions).map(([name, rest]) => Object.freeze({ name, ...rest })));
}
