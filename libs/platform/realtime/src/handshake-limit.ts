import { type IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { EntryMiddleware, RateLimitExceeded, SOCKET_PATH } from '@platform/http';
import { Log, Metrics } from '@platform/observability';
import { addressSubject, RateLimiter, type RateLimitPolicy } from '@platform/security';
import { RealtimeConfig } from './realtime.config';
import { SparseWarning } from './sparse-warning';

/** Counts handshakes by the client's address, across processes with Redis. */
@Injectable()
export class HandshakeLimit {
  private readonly tooMany = new SparseWarning(
    Log.for('realtime'),
    'Socket handshakes are refused: one address makes more than RATE_LIMIT_SOCKETS (realtime.handshakes) allows; if it is ' +
      "your proxy's, name it in TRUSTED_PROXIES (http.trustedProxies)",
  );
  private readonly policy: RateLimitPolicy;

  constructor(
    private readonly entry: EntryMiddleware,
    private readonly limiter: RateLimiter,
    private readonly metrics: Metrics,
    config: RealtimeConfig,
  ) {
    this.policy = { name: 'sockets', ...config.handshakes };
  }

  /** Count one handshake. @throws RateLimitExceeded */
  async count(request: IncomingMessage): Promise<void> {
    const address = this.entry.clientAddressOf(request);
    const { allowed, retryAfter } = await this.limiter.consume(this.policy, addressSubject(address));
    if (allowed) return;
    this.metrics.rateLimitHit(SOCKET_PATH, 'ip');
    this.tooMany.warn({ client_ip: address });
    throw new RateLimitExceeded(retryAfter);
  }
}
