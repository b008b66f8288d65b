import { Injectable } from '@nestjs/common';
import { type User } from '@omni/users';
import { CoreConfig } from '@platform/config';
import { type Actor } from '@platform/kernel';
import { Permissions } from '@platform/security';
import { AuthConfig } from '../auth.config';

/** What is known of a session beside whose it is. */
export interface SessionFacts {
  readonly sessionId?: string;
  readonly authenticatedAt?: Date;
  readonly secondFactor?: boolean;
  readonly tenantId?: string;
}

/** The role that needs no second factor; every other one holds more. */
const PLAIN_ROLE = 'user';

const NOTHING: ReadonlySet<string> = new Set();

/** Makes actors of accounts. Permissions follow from `users.role` and nothing else (decision D4). */
@Injectable()
export class Actors {
  private readonly requireMfa: boolean;

  constructor(
    private readonly permissions: Permissions,
    config: AuthConfig,
    core: CoreConfig,
  ) {
    this.requireMfa = config.adminRequireMfa ?? core.isProduction;
  }

  /**
   * The person as an actor. While `ADMIN_REQUIRE_MFA` holds, a session without a second factor carries what a plain
   * user may do; the rest of the role is withheld.
   */
  of({ email, id, role }: User, facts: SessionFacts = {}): Actor {
    const held = this.permissions.ofRole(role);
    const isLimited = this.requireMfa && role !== PLAIN_ROLE && facts.secondFactor !== true;
    const carried = isLimited ? this.permissions.ofRole(PLAIN_ROLE) : held;
    return Object.freeze({
      kind: 'user',
      id,
      email,
      role,
      permissions: carried,
      ...(isLimited && { withheld: held.difference(carried) }),
      ...facts,
    });
  }

  /**
   * The same person with no more than `scopes` of their permissions: an API key never may more than its owner, shows
   * neither their session nor their proof of identity, and may nothing that is for a session.
   */
  narrowed(actor: Actor, scopes: ReadonlySet<string>, apiKeyId: string): Actor {
    const { authenticatedAt: _proved, secondFactor: _factor, sessionId: _session, ...person } = actor;
    return Object.freeze({
      ...person,
      apiKeyId,
      permissions: actor.permissions.intersection(scopes).difference(this.permissions.sessionOnly),
      withheld: NOTHING,
    });
  }
}
