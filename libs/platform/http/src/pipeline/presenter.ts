import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { type HttpRequest, type HttpResponse } from '../http-request';
import { type RequestContext } from '../request-context';
import { etagOf, matchesNone } from '../paging/etag';
import { PageDto } from '../paging/page.dto';

/** What v2 says beside the data. */
interface Meta {
  readonly request_id: string;
  readonly timestamp: string;
  readonly version: 'v2';
  readonly page?: {
    readonly total: number;
    readonly skip: number;
    readonly limit: number;
    readonly next_cursor: string | null;
  };
}

/** Turns what a controller answered into what the version of the request shows. */
@Injectable()
export class Presenter {
  constructor(private readonly clock: Clock) {}

  /** The body to send; undefined for none. Sets `ETag`, `Link` and the status 304 where they apply. */
  present(value: unknown, context: RequestContext): unknown {
    const { request, response } = context;
    const etag = etagOf(value);
    if (etag !== undefined) {
      response.setHeader('ETag', etag);
      if (isUnchanged(request, etag)) {
        response.statusCode = 304;
        return undefined;
      }
    }
    if (context.version !== 'v2') {
      if (value instanceof PageDto) linkNext(value, request, response);
      return value;
    }
    if (value === undefined || value === null || context.plan?.flat) return value;
    if (value instanceof PageDto) return { data: value.items, meta: this.meta(context, value) };
    return typeof value === 'object' && isStream(value) ? value : { data: value, meta: this.meta(context) };
  }

  private meta(context: RequestContext, page?: PageDto<unknown>): Meta {
    const meta: Meta = {
      request_id: context.requestId,
      timestamp: this.clock.now().toISOString(),
      version: 'v2',
    };
    if (!page) return meta;
    const { total, skip, limit } = page;
    return { ...meta, page: { total, skip, limit, next_cursor: PageDto.nextCursorOf(page) } };
  }
}

function isUnchanged(request: HttpRequest, etag: string): boolean {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  return reading && matchesNone(request.headers['if-none-match'], etag);
}

/** v1 keeps its exact body; the next page is a link (RFC 8288). */
function linkNext(page: PageDto<unknown>, request: HttpRequest, response: HttpResponse): void {
  const cursor = PageDto.nextCursorOf(page);
  if (cursor === null) return;
  const [path = '', query = ''] = request.originalUrl.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.delete('skip');
  parameters.set('cursor', cursor);
  response.appendHeader('Link', `<${path}?${parameters.toString()}>; rel="next"`);
}

function isStream(value: object): boolean {
  return value instanceof Uint8Array || 'getStream' in value || 'pipe' in value;
}
