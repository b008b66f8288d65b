import { Injectable } from '@nestjs/common';
import {
  addressSubject,
  checkedIdempotencyKey,
  type IdempotencyClaim,
  idempotencyFingerprint,
  IdempotencyStore,
  idempotencyScope,
  type StoredResponse,
} from '@platform/security';
import { type HttpResponse } from '../http-request';
import { type RequestContext } from '../request-context';
import { withoutVersion } from './route-paths';
import { etagOf } from '../paging/etag';

/** What comes of a request to an `@Idempotent` route: no key, the right to work, or the first answer again. */
export type KeyedRequest =
  | { readonly kind: 'unkeyed' }
  | { readonly kind: 'claimed'; readonly claim: IdempotencyClaim }
  | { readonly kind: 'replay'; readonly value: unknown };

const UNKEYED: KeyedRequest = { kind: 'unkeyed' };

/** `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) between the pipeline and the store. */
@Injectable()
export class Idempotency {
  constructor(private readonly store: IdempotencyStore) {}

  /**
   * Claim the key of the request, or find its first answer and prepare the response for it.
   * @throws ValidationFailed, IdempotencyKeyReused, IdempotencyInProgress
   */
  async begin(context: RequestContext): Promise<KeyedRequest> {
    const { request, response } = context;
    const header = request.headers['idempotency-key'];
    if (typeof header !== 'string') return UNKEYED;
    const key = checkedIdempotencyKey(header);
    // One key, one effect, whatever the version: what is kept is the value, and each version presents it its own way.
    const route = `${request.method} ${withoutVersion(request.route.path as string)}`;
    const scope = idempotencyScope(subjectOf(context), route);
    const fingerprint = idempotencyFingerprint(
      request.method,
      withoutVersion(request.originalUrl),
      JSON.stringify(request.body ?? null),
    );
    const outcome = await this.store.begin(scope, key, fingerprint);
    if (outcome.kind === 'claimed') return outcome;
    return { kind: 'replay', value: prepare(response, outcome.response) };
  }

  /** Keep the answer in the transaction of the work. */
  complete(claim: IdempotencyClaim, value: unknown, { response }: RequestContext): Promise<void> {
    return this.store.complete(claim, {
      status: response.statusCode,
      headers: headersToKeep(value, response),
      body: value === undefined ? null : JSON.stringify(value),
    });
  }

  /** Give the key back: the work failed. */
  release(claim: IdempotencyClaim): Promise<void> {
    return this.store.release(claim);
  }
}

/** A key is the caller's, and one for each tenant that they act for: what they made for one is no answer for another. */
function subjectOf({ actor, clientAddress }: RequestContext): string {
  if (actor?.kind !== 'user') return addressSubject(clientAddress);
  return actor.tenantId === undefined ? `user:${actor.id}` : `user:${actor.id} tenant:${actor.tenantId}`;
}

function headersToKeep(value: unknown, response: HttpResponse): Record<string, string> {
  const etag = etagOf(value);
  const location = response.getHeader('Location');
  return { ...(etag && { ETag: etag }), ...(typeof location === 'string' && { Location: location }) };
}

function prepare(response: HttpResponse, stored: StoredResponse): unknown {
  response.statusCode = stored.status;
  for (const [name, value] of Object.entries(stored.headers)) response.setHeader(name, value);
  response.setHeader('Idempotency-Replayed', 'true');
  return stored.body === null ? undefined : JSON.parse(stored.body);
}
