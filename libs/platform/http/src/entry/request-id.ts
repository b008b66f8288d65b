import { type Ids } from '@platform/kernel';

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's own request id when it cannot do harm in a log line, else a new UUIDv7 (reliability §4.1). */
export function requestIdFrom(header: string | string[] | undefined, ids: Ids): string {
  return typeof header === 'string' && ACCEPTABLE.test(header) ? header : ids.next();
}
