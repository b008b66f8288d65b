import { AuthenticationFailed } from '@platform/kernel';
import { constantTimeEqual } from '@platform/crypto';

/** What is needed to decide who sees more than up or down. */
export interface OperatorAccess {
  /** METRICS_TOKEN. */
  readonly token: string | undefined;
  readonly production: boolean;
}

/**
 * Where METRICS_TOKEN is set its bearer may scrape; without it everybody but in production, where nobody may.
 * @throws AuthenticationFailed
 */
export function requireMetricsToken(authorization: string | undefined, { token, production }: OperatorAccess): void {
  if (!token && !production) return;
  if (!isBearer(authorization, token)) {
    throw new AuthenticationFailed('The metrics need the bearer token of METRICS_TOKEN', 'Bearer realm="metrics"');
  }
}

/** Whether health says which part is away, which products run and for how long: in production to the bearer alone. */
export function seesDetails(authorization: string | undefined, { token, production }: OperatorAccess): boolean {
  return !production || isBearer(authorization, token);
}

function isBearer(authorization: string | undefined, token: string | undefined): boolean {
  const offered = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  return token !== undefined && token !== '' && offered !== undefined && constantTimeEqual(offered, token);
}
