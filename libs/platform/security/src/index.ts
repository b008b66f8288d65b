export { AccessConfig } from './access/access.config';
export { BoundPort } from './access/bound-port';
export { CurrentActor, currentActor } from './access/current-actor';
export { Permissions } from './access/permissions';
export { Authenticator, BrowserSessions, FeatureGate, QuotaLedger, Tenancy, UsageLedger } from './access/ports';
export { type DemoAccount, TokenGuide } from './access/token-guide';
export {
  Can,
  ForOneself,
  InBrowser,
  Meter,
  Public,
  Quota,
  RateLimit,
  RequireFeature,
  type RouteDecorator,
  StepUp,
} from './access/route-decorators';
export { type RouteAccess, routeAccess, type RouteRules, routeRules } from './access/route-rules';
export { isFreshlyProved, SecondFactorRequired, StepUpRequired } from './access/step-up';
export { ONESELF, TENANT_HEADER } from './access/tenant-header';
export { isOpaqueString, opaqueString } from './crypto/opaque-string';
export { type PasswordCheck, PasswordHasher } from './crypto/password-hasher';
export { IdempotencyRecord } from './idempotency/entities/idempotency-record.entity';
export { checkedIdempotencyKey, idempotencyFingerprint, idempotencyScope } from './idempotency/idempotency-key';
export {
  type IdempotencyClaim,
  type IdempotencyOutcome,
  IdempotencyStore,
  MOST_RESPONSE_BYTES,
  type StoredResponse,
} from './idempotency/idempotency-store';
export { IdempotencyConfig } from './idempotency/idempotency.config';
export {
  IdempotencyAnswerNotKept,
  IdempotencyInProgress,
  IdempotencyKeyReused,
} from './idempotency/idempotency.errors';
export { type CallKey, type LimitedCall, RateLimitKey } from './rate-limit/rate-limit-key';
export { RateLimitConfig } from './rate-limit/rate-limit.config';
export {
  actorSubject,
  addressSubject,
  networkOf,
  type RateDecision,
  RateLimiter,
  type RateLimitPolicy,
} from './rate-limit/rate-limiter';
export { SlidingWindowStorage } from './rate-limit/sliding-window-storage';
export { SecurityModule } from './security.module';
export {
  CALENDAR_DATE,
  CANONICAL_UUID,
  displayName,
  EMAIL_ADDRESS,
  HTTP_URL,
  IsCalendarDate,
  IsCanonicalUuid,
  IsDisplayName,
  IsEmailAddress,
  IsHttpUrl,
  IsTimestamp,
  TIMESTAMP,
} from './validation/text-rules';
export { fieldCheck, type TextRule } from './validation/field-check';
export { IsInt32, IsSafeInteger } from './validation/number-rules';
