/** One permission as a domain declares it. */
export interface PermissionContract {
  /** `<domain>.<verb>`. */
  readonly name: string;
  readonly summary: string;
  /** Names of the roles that hold it. */
  readonly roles: readonly string[];
  /**
   * Set: about the person who is signed in. No API key carries it, whatever its scopes say, and its routes act for the
   * person, whatever tenant the session was switched to.
   */
  readonly session?: true;
}

const LISTS = new WeakSet<object>();

/** Whether something that a contract exports is a list of permissions. */
export function isPermissionList(exported: unknown): exported is readonly PermissionContract[] {
  return typeof exported === 'object' && exported !== null && LISTS.has(exported);
}

/** Declare a domain's permissions: name → what it allows, and the roles that hold it. */
export function definePermissions(
  permissions: Record<string, Omit<PermissionContract, 'name'>>,
): readonly PermissionContract[] {
  const list = Object.freeze(Object.entries(permissions).map(([name, rest]) => Object.freeze({ name, ...rest })));
  LISTS.add(list);
  return list;
}
