import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Ids, runInContext } from '@platform/kernel';
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type HttpRequest, type HttpResponse } from '../http-request';
import { attachRequestContext, RequestContext } from '../request-context';
import { HttpConfig } from '../http.config';
import { type ApiVersion } from './api-version';
import { ClientAddresses } from './client-address';
import { CrossOrigin } from './cors';
import { requestIdFrom } from './request-id';
import { RequestReport } from './request-report';
import { type Header, securityHeaders } from './security-headers';
import { allVersionHeaders } from './version-headers';

const VARY: Header = ['Vary', 'Origin'];
const DOCS = /^\/(?:docs|redoc)(?:[/?]|$)/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const MAX_USER_AGENT = 512;

/**
 * The outermost layer, on node's server and before Express: every answer, also one that no route gives, has its
 * request id, security, CORS and version headers from here.
 */
@Injectable()
export class EntryMiddleware {
  /** Set during shutdown: each answer then closes its connection. */
  closing = false;
  readonly crossOrigin: CrossOrigin;
  private readonly addresses: ClientAddresses;
  private readonly plainHeaders: readonly Header[];
  private readonly docsHeaders: readonly Header[];
  private readonly versionedHeaders: Record<ApiVersion, readonly Header[]>;

  constructor(
    config: HttpConfig,
    core: CoreConfig,
    private readonly ids: Ids,
    private readonly report: RequestReport,
  ) {
    this.crossOrigin = new CrossOrigin(config.corsOrigins, { local: core.isLocal });
    this.addresses = new ClientAddresses(config.trustedProxies);
    this.plainHeaders = [...securityHeaders({ production: core.isProduction }), VARY];
    this.docsHeaders = [...securityHeaders({ production: core.isProduction, docs: true }), VARY];
    const versions = allVersionHeaders({ deprecated: config.deprecatedVersions, sunset: config.sunsetDates });
    this.versionedHeaders = {
      v1: [...this.plainHeaders, ...versions.v1],
      v2: [...this.plainHeaders, ...versions.v2],
    };
  }

  /** Begin an context and hand it on, or answer a preflight. */
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const { headers, url = '/' } = request;
    const version = versionOf(url);
    const context = new RequestContext(
      // Express puts its own prototypes under these two objects before anybody reads them as its own.
      request as HttpRequest,
      response as HttpResponse,
      requestIdFrom(headers['x-request-id'], this.ids),
      this.clientAddressOf(request),
      headers['user-agent']?.slice(0, MAX_USER_AGENT),
      traceparentOf(headers.traceparent),
      version,
    );
    attachRequestContext(context);
    this.report.follow(context);
    response.setHeader('X-Request-ID', context.requestId);
    setAll(response, version ? this.versionedHeaders[version] : this.headersOutsideVersions(url));
    if (this.closing) response.setHeader('Connection', 'close');
    const { origin } = headers;
    if (origin !== undefined) {
      if (request.method === 'OPTIONS' && headers['access-control-request-method']) {
        this.answerPreflight(response, origin, headers);
        return;
      }
      setAll(response, this.crossOrigin.headersFor(origin, headers.host));
    }
    runInContext(context, next);
  }

  /** The client's address, as far as trusted proxies tell it; asked also for requests that do not come by here. */
  clientAddressOf({ headers, socket }: IncomingMessage): string {
    return this.addresses.of(socket.remoteAddress, headers);
  }

  /** Whether a proxy's word about the client is believed; Express asks for `req.ip`. */
  trusts(address: string): boolean {
    return this.addresses.isTrusted(address);
  }

  private headersOutsideVersions(url: string): readonly Header[] {
    return DOCS.test(url) ? this.docsHeaders : this.plainHeaders;
  }

  private answerPreflight(response: ServerResponse, origin: string, asked: IncomingHttpHeaders): void {
    const { host, 'access-control-request-headers': requestHeaders } = asked;
    setAll(response, this.crossOrigin.preflightHeaders(origin, host, requestHeaders));
    response.statusCode = 204;
    response.end();
  }
}

/** `/api/v1…` or `/api/v2…`, told by two characters: this runs for every request. */
function versionOf(url: string): ApiVersion | null {
  if (!url.startsWith('/api/v')) return null;
  const after = url[7];
  if (after !== undefined && after !== '/' && after !== '?') return null;
  return url[6] === '1' ? 'v1' : url[6] === '2' ? 'v2' : null;
}

function traceparentOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined;
}

function setAll(response: ServerResponse, headers: readonly Header[]): void {
  for (const [name, value] of headers) response.setHeader(name, value);
}
