/** Who acts: the first argument of every published operation. Built once per request by the authenticator. */
export interface Actor {
  /** `user`: a signed-in person; `anonymous`: a public route; `system`: a job, a schedule or the operator's command. */
  readonly kind: 'user' | 'anonymous' | 'system';
  /** Id of the person (UUIDv7); the name of the process part for `system`; empty for `anonymous`. */
  readonly id: string;
  readonly email?: string;
  readonly role?: string;
  readonly permissions: ReadonlySet<string>;
  /** Permissions that the person has and this sign-in does not carry until a second factor is shown. */
  readonly withheld?: ReadonlySet<string>;
  /** The tenant that the person acts for, and their role in it; absent: for themselves. */
  readonly tenantId?: string;
  readonly tenantRole?: string;
  /** The tenant that the session was switched to until now: the person belongs to it no more, and acts for themselves. */
  readonly leftTenantId?: string;
  /** Id of the sign-in that the request came with, if it came with one. */
  readonly sessionId?: string;
  /** Id of the API key that the request came with, if it came with one. */
  readonly apiKeyId?: string;
  /** When the person last proved who they are on this sign-in; absent for API keys. */
  readonly authenticatedAt?: Date;
  /** Whether a second factor was part of that proof. */
  readonly secondFactor?: boolean;
  /** The real person behind an impersonation, else absent. */
  readonly impersonatorId?: string;
  /** When the credentials that were shown expire; sockets outlive requests and must know. */
  readonly expiresAt?: Date;
}

/** The caller of a public route. */
export const ANONYMOUS: Actor = Object.freeze({ kind: 'anonymous', id: '', permissions: new Set<string>() });

/** An actor for work that no person asked for. It holds every permission: what it may do is decided by its code. */
export function systemActor(name: string): Actor {
  return Object.freeze({ kind: 'system', id: name, permissions: new Set(['*']) });
}

/** Whether the actor holds the permission. `*` stands for all of them. */
export function may(actor: Actor, permission: string): boolean {
  return actor.permissions.has(permission) || actor.permissions.has('*');
}

/** The same person, for themselves, whatever tenant they act for. */
export function asOneself(actor: Actor): Actor {
  const { tenantId: _tenantId, tenantRole: _tenantRole, ...self } = actor;
  return self;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Whose rows the actor works on: those of the tenant that they act for, else their own; nobody's when no person acts. */
export function ownerScope(actor: Actor): string {
  return actor.kind === 'user' ? (actor.tenantId ?? actor.id) : NOBODY;
}

/** The person who acts, whomever they act for: their own id, or an id that nobody has when no person acts. */
export function personScope(actor: Actor): string {
  return actor.kind === 'user' ? actor.id : NOBODY;
}
