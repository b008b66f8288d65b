import { Injectable } from '@nestjs/common';
import { type WorkContext } from '@platform/kernel';
import { contextFields, Log, scrubbing } from './log';
import { scrubUrl } from './scrub';

/** A request whose answer has been sent. */
export interface FinishedRequest {
  readonly method: string;
  /** As it came: path and query; scrubbed here. */
  readonly url: string;
  /** The template of the route that took it, if one did. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
  readonly clientAddress: string | undefined;
  /** The event that ends a response runs outside of the request's context, so it is handed over. */
  readonly context: WorkContext | undefined;
}

/** The one line of a request. */
@Injectable()
export class RequestLog {
  private readonly log = Log.for('http');

  /** Write the line: ERROR from status 500, else INFO. Probes are the caller's to leave out, see `isUnlogged`. */
  finished(request: FinishedRequest): void {
    const failed = request.status >= 500;
    this.log.plain(failed ? 'error' : 'info', failed ? 'Request failed' : 'Request completed', {
      ...(request.context && contextFields(request.context)),
      method: request.method,
      path: scrubUrl(request.url, scrubbing()),
      route: request.route,
      status_code: request.status,
      duration_ms: Math.round(request.seconds * 100_000) / 100,
      client_ip: request.clientAddress,
    });
  }
}
