import { type IncomingHttpHeaders } from 'node:http';
import { type Actor } from '@platform/kernel';

/** Tells who sends a request; bound by auth. */
export abstract class Authenticator {
  /**
   * The actor of the credentials in the headers; null when there are none.
   * @throws AuthenticationFailed for credentials that do not hold, AccessDenied for an account that may not come in
   */
  abstract authenticate(request: { readonly headers: IncomingHttpHeaders }): Promise<Actor | null>;
}

/** Tells whose browser asks for a page of `@InBrowser`; bound by auth. */
export abstract class BrowserSessions {
  /**
   * The actor of the cookie in the headers, asked of the database each time; null when there is none.
   * @throws AuthenticationFailed for a cookie that does not hold, AccessDenied for an account that may not come in
   */
  abstract actorOf(request: { readonly headers: IncomingHttpHeaders }): Promise<Actor | null>;
}

/** Tells whom people act for beside themselves; bound by the domain that knows tenants. */
export abstract class Tenancy {
  /** The person's role in the tenant; null when they have none there, or there is no such tenant. May be cached briefly. */
  abstract roleIn(tenantId: string, personId: string): Promise<string | null>;

  /** Ids of all tenants that the person has a role in. May be cached as {@link roleIn}. */
  abstract tenantsOf(personId: string): Promise<readonly string[]>;
}

/** Tells whether a feature is switched on for somebody; bound by feature-flags. */
export abstract class FeatureGate {
  abstract enabled(flag: string, actor: Actor): Promise<boolean>;
}

/** Counts what was used; bound by usage. */
export abstract class UsageLedger {
  /** Count `quantity` (1 or more) of a metric; inside the transaction of the work, so it counts what happened. */
  abstract count(metric: string, actor: Actor, quantity: number): Promise<void>;
}

/** Holds the limits of plans; bound by usage. */
export abstract class QuotaLedger {
  /**
   * Take one unit of a feature in one conditional statement, inside the transaction of the work.
   * @throws AppError 429 QUOTA_EXCEEDED or 403 PLAN_LIMIT_REACHED with `{feature, limit, used, resets_at}`
   */
  abstract reserve(feature: string, actor: Actor): Promise<void>;
}
