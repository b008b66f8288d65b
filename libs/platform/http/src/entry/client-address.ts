import { BlockList, isIP, SocketAddress } from 'node:net';
import { addRange } from '../http.config';
import { forwardedNodes, listedNodes } from './forwarded';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** An address with the port that some proxies add; IPv6 needs the brackets then. A port may be hidden: RFC 7239 §6.3. */
const NODE = /^(?:\[([0-9a-f:.]+)\]|([\d.]+))(?::(?:\d{1,5}|_[\w.-]+))?$/i;
/** Longer chains are not a proxy's work; the rest is not looked at. */
const MAX_HOPS = 20;

/** The headers in which a proxy says for whom it asks. */
export interface ForwardingHeaders {
  readonly 'x-forwarded-for'?: string | string[];
  readonly forwarded?: string | string[];
}

/** Finds the address of the client, believing what proxies say of it only where a trusted one wrote it (D26). */
export class ClientAddresses {
  private readonly trusted: BlockList | null;

  constructor(trustedProxies: readonly string[]) {
    this.trusted = trustedProxies.length > 0 ? new BlockList() : null;
    for (const range of trustedProxies) if (this.trusted) addRange(this.trusted, range);
  }

  /**
   * The peer, or the nearest address in `X-Forwarded-For` or `Forwarded` (RFC 7239) that is not a trusted proxy. Where
   * the two differ, one of them is the client's own invention, and nobody can tell which: then it is the peer.
   */
  of(peer: string | undefined, headers: ForwardingHeaders): string {
    const nearest = plain(peer ?? '');
    const { forwarded, 'x-forwarded-for': list } = headers;
    if (!this.trusted || (list === undefined && forwarded === undefined) || !this.isTrusted(nearest)) return nearest;
    const byList = list === undefined ? undefined : this.clientOf(nearest, listedNodes(joined(list)));
    const byStandard = forwarded === undefined ? undefined : this.clientOf(nearest, forwardedNodes(joined(forwarded)));
    const client = byList ?? byStandard ?? nearest;
    return byStandard === undefined || byStandard === client ? client : nearest;
  }

  /** Whether `address` is one of the trusted proxies. */
  isTrusted(address: string): boolean {
    const family = isIP(address);
    if (!this.trusted || family === 0) return false;
    return this.trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  /** Read from the right, because each proxy appends and the left part is the client's own invention. */
  private clientOf(nearest: string, nodes: readonly string[]): string {
    let client = nearest;
    for (const node of nodes.slice(-MAX_HOPS).reverse()) {
      const address = addressOf(node);
      if (address === null) return client;
      client = address;
      if (!this.isTrusted(address)) return client;
    }
    return client;
  }
}

function joined(header: string | string[]): string {
  return Array.isArray(header) ? header.join(',') : header;
}

/** The address of a node as a proxy writes it, in the one spelling that a socket has for it; null for anything else. */
function addressOf(node: string): string | null {
  const [, bracketed, plainFour] = NODE.exec(node) ?? [];
  const text = bracketed ?? plainFour ?? node;
  const family = isIP(text);
  if (family === 0 || (bracketed !== undefined && family === 4)) return null;
  if (family === 4) return text;
  // A zone (fe80::1%eth0) is a name of the proxy's own.
  return text.includes('%') ? null : plain(new SocketAddress({ address: text, family: 'ipv6' }).address);
}

/** IPv4 in IPv6 clothes is IPv4: one client, one rate-limit key. */
function plain(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}
