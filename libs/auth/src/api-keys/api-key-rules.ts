import { Injectable } from '@nestjs/common';
import { type Actor, Clock, may } from '@platform/kernel';
import { Permissions, SecondFactorRequired } from '@platform/security';
import { AuthConfig } from '../auth.config';
import { ExpiryOutOfBounds, GraceTooLong, ScopeNotForKeys, ScopeNotHeld } from './api-key.errors';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Permission to make and end keys. */
export const MANAGE_API_KEYS = 'auth.manage_api_keys';

/** A key that makes keys would outlive its own end. */
const NOT_FOR_KEYS: ReadonlySet<string> = new Set([MANAGE_API_KEYS]);

/** What keys may carry, and for how long. */
@Injectable()
export class ApiKeyRules {
  constructor(
    private readonly permissions: Permissions,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
  ) {}

  /** Good keys that one person may have. */
  get mostPerUser(): number {
    return this.config.apiKeysPerUser;
  }

  /** Whether a key can carry the permission at all. */
  canCarry(permission: string): boolean {
    return this.permissions.has(permission) && !NOT_FOR_KEYS.has(permission);
  }

  /**
   * Whether the actor may give these scopes away: none that he does not hold on this sign-in.
   * @throws ScopeNotForKeys, ScopeNotHeld, SecondFactorRequired
   */
  checkScopes(actor: Actor, scopes: readonly string[]): void {
    for (const scope of scopes) {
      if (!this.canCarry(scope)) throw new ScopeNotForKeys(scope);
      if (may(actor, scope)) continue;
      throw actor.withheld?.has(scope) ? new SecondFactorRequired(scope) : new ScopeNotHeld(scope);
    }
  }

  /** When a key that is made now ends: as asked, else as late as is allowed. @throws ExpiryOutOfBounds */
  expiryOf(asked: Date | undefined): Date {
    const now = this.clock.now().getTime();
    const latest = now + this.config.apiKeyMaxDays * DAY_MS;
    if (asked === undefined) return new Date(latest);
    if (asked.getTime() <= now || asked.getTime() > latest) throw new ExpiryOutOfBounds(this.config.apiKeyMaxDays);
    return asked;
  }

  /** When a key that is replaced now ends; null: at once. @throws GraceTooLong */
  graceEnd(minutes: number): Date | null {
    const most = this.config.apiKeyRotationGraceMinutes;
    if (minutes > most) throw new GraceTooLong(most);
    return minutes === 0 ? null : new Date(this.clock.now().getTime() + minutes * MINUTE_MS);
  }
}
