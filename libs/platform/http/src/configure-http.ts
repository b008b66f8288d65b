import { VersioningType } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { QueryParser } from './body/query';
import { EntryMiddleware } from './entry/entry.middleware';
import { RequestReport } from './entry/request-report';
import { HttpConfig } from './http.config';
import { OpenApi } from './openapi/open-api';
import { VERSION_NUMBERS, VERSION_PREFIX } from './pipeline/route-paths';
import { HttpAdapter } from './server/http-adapter';
import { limitServer } from './server/server-limits';

/**
 * What an app needs beside its modules: the entry middleware, versions, Express's settings, server limits, documents. Call it
 * before `init` or `listen`, on an app created with {@link httpAdapter} and `bodyParser: false`.
 */
export function configureHttp(app: NestExpressApplication): void {
  const adapter = app.getHttpAdapter();
  // The adapter's type says Express; whether it is ours only the object knows.
  const own: unknown = adapter;
  if (!(own instanceof HttpAdapter)) {
    throw new Error(
      'configureHttp() needs our adapter: NestFactory.create(module, httpAdapter(), { bodyParser: false })',
    );
  }
  const entry = app.get(EntryMiddleware);
  own.surroundWith(entry);
  // One prefix for all versioned routes; a VERSION_NEUTRAL controller is served from the root.
  app.enableVersioning({ type: VersioningType.URI, prefix: VERSION_PREFIX, defaultVersion: VERSION_NUMBERS });
  const queries = new QueryParser();
  app.set('query parser', (text: string) => queries.parse(text));
  app.set('trust proxy', (address: string) => entry.trusts(address));
  app.set('etag', false);
  app.disable('x-powered-by');
  limitServer(app.getHttpServer(), app.get(HttpConfig), app.get(RequestReport).running);
  app.get(OpenApi).serve(app);
}

/** The second argument of `NestFactory.create`. */
export function httpAdapter(): HttpAdapter {
  return new HttpAdapter();
}
