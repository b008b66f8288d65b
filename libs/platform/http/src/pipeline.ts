/**
 * Every step between the socket and the controller, in the one order in which they run. A route has only the steps that
 * its decorators ask for: they are compiled into its {@link RoutePlan} at boot, and an absent step costs nothing.
 *
 * Rate limiting has two halves around authentication, because the key of a signed-in caller is known only after it:
 *
 * - Public routes and callers without credentials are counted by address, before anything else is done for them.
 * - Callers with credentials are authenticated first and then counted as themselves. Credentials that do not hold are
 *   counted by address like no credentials at all, so guessing is answered 429 after as many calls as knocking is.
 *   A good token is never refused for what others behind its address did.
 * - A public route whose `@RateLimit` has a key is counted by whom the call is about. That stands in its body, so the
 *   body is read first there, at most 8 KiB of it, and one that cannot be read is counted, too.
 *
 * The body is read late on purpose: nobody can make the process hold bytes who may not call the route.
 */
export const PIPELINE = [
  {
    step: 'request id',
    where: 'entry/entry.middleware.ts',
    what: 'request id, client address, security, CORS and version headers',
  },
  { step: 'rate limit', where: 'pipeline/call-counter.ts', what: '@RateLimit, else default by address' },
  { step: 'authenticate', where: 'pipeline/pipeline.guard.ts', what: 'Authenticator, unless @Public' },
  { step: 'rate limit', where: 'pipeline/call-counter.ts', what: '@RateLimit, else authenticated by user' },
  { step: 'can', where: 'pipeline/authorizer.ts', what: '@Can' },
  { step: 'step up', where: 'pipeline/authorizer.ts', what: '@StepUp: a recent proof of identity' },
  { step: 'require feature', where: 'pipeline/authorizer.ts', what: '@RequireFeature: off is 404' },
  { step: 'body', where: 'body/read-body.ts', what: 'size, content type, UTF-8, depth, JSON' },
  { step: 'rate limit', where: 'pipeline/call-counter.ts', what: '@RateLimit with a key: by whom the body names' },
  { step: 'idempotent', where: 'pipeline/idempotency.ts', what: '@Idempotent: replay, refuse, or claim the key' },
  { step: 'unit of work', where: 'pipeline/pipeline.interceptor.ts', what: 'one transaction for all that follows' },
  { step: 'quota', where: 'pipeline/pipeline.interceptor.ts', what: '@Quota: reserved before the work' },
  { step: 'validate', where: 'paging/validation.pipe.ts', what: 'DTOs of body and query, ids of the path' },
  { step: 'controller', where: 'the domain', what: 'controller → service → DTO' },
  { step: 'meter', where: 'pipeline/pipeline.interceptor.ts', what: '@Meter: counted on success' },
  { step: 'audit', where: 'pipeline/pipeline.interceptor.ts', what: '@AuditLog: the row, last in the transaction' },
  { step: 'present', where: 'pipeline/presenter.ts', what: 'ETag and 304, Link, the v2 envelope' },
  { step: 'error', where: 'errors/error.filter.ts', what: 'the envelope or RFC 9457; the audit row of a refusal' },
] as const;
