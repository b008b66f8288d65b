import { AuthenticationFailed } from '@platform/kernel';
import { constantTimeEqual } from '@platform/security';

/** What is needed to decide who may scrape. */
export interface MetricsAccess {
  /** METRICS_TOKEN. */
  readonly token: string | undefined;
  readonly production: boolean;
}

/**
 * Where METRICS_TOKEN is set its bearer may scrape; without it everybody but in production, where nobody may.
 * @throws AuthenticationFailed
 */
export function requireMetricsToken(authorization: string | undefined, { token, production }: MetricsAccess): void {
  if (!token && !production) return;
  const offered = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (!token || !offered || !constantTimeEqual(offered, token)) {
    throw new AuthenticationFailed('The metrics need the bearer token of METRICS_TOKEN', 'Bearer realm="metrics"');
  }
}
