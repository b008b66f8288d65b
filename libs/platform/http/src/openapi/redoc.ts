import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Express } from 'express';
import { readFileSync } from 'node:fs';
import { API_VERSIONS, LATEST_VERSION } from '../edge/api-version';

const SCRIPT = '/redoc/redoc.standalone.js';

/** ReDoc from the local package: a page per version (`/redoc`, `/redoc/v1`), and its one script, read on first use. */
export function serveReDoc(app: NestExpressApplication, title: string): void {
  // The adapter's instance is Express itself; Nest types it as any.
  const express = app.getHttpAdapter().getInstance() as Express;
  let script: Buffer | undefined;
  express.get(SCRIPT, (_request, response) => {
    script ??= readFileSync(require.resolve('redoc/bundles/redoc.standalone.js'));
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    response.setHeader('Cache-Control', 'public, max-age=86400');
    response.end(script);
  });
  const page = (path: string, version: string): void => {
    const html = pageOf(title, version);
    express.get(path, (_request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(html);
    });
  };
  page('/redoc', LATEST_VERSION);
  for (const version of API_VERSIONS) page(`/redoc/${version}`, version);
}

function pageOf(title: string, version: string): string {
  const name = title.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${name} ${version}</title><meta name="viewport" content="width=device-width"></head>
<body style="margin:0"><redoc spec-url="/api/${version}/openapi.json"></redoc><script src="${SCRIPT}"></script></body>
</html>
`;
}
