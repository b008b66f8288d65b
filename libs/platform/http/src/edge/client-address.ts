import { BlockList, isIP } from 'node:net';
import { addRange } from '../http.config';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** Longer chains are not a proxy's work; the rest is not looked at. */
const MAX_HOPS = 20;

/** Finds the address of the client, believing `X-Forwarded-For` only where a trusted proxy wrote it (D26). */
export class ClientAddresses {
  private readonly trusted: BlockList | null;

  constructor(trustedProxies: readonly string[]) {
    this.trusted = trustedProxies.length > 0 ? new BlockList() : null;
    for (const range of trustedProxies) if (this.trusted) addRange(this.trusted, range);
  }

  /**
   * The peer, or the nearest address in `X-Forwarded-For` that is not a trusted proxy: read from the right, because
   * each proxy appends and the left part is the client's own invention.
   */
  of(peer: string | undefined, forwardedFor: string | string[] | undefined): string {
    const nearest = plain(peer ?? '');
    if (!this.trusted || forwardedFor === undefined || !this.isTrusted(nearest)) return nearest;
    const chain = (Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor).split(',').slice(-MAX_HOPS);
    let client = nearest;
    for (const hop of chain.reverse()) {
      const address = plain(hop.trim());
      if (isIP(address) === 0) return client;
      client = address;
      if (!this.isTrusted(address)) return client;
    }
    return client;
  }

  /** Whether `address` is one of the trusted proxies. */
  isTrusted(address: string): boolean {
    const family = isIP(address);
    if (!this.trusted || family === 0) return false;
    return this.trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/** IPv4 in IPv6 clothes is IPv4: one client, one rate-limit key. */
function plain(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}
