import { type NestExpressApplication } from '@nestjs/platform-express';
import { html, type Html } from '@platform/mail';
import { type Express } from 'express';
import { readFileSync } from 'node:fs';
import { API_VERSIONS, LATEST_VERSION } from '../entry/api-version';

const SCRIPT = '/redoc/redoc.standalone.js';

/** The one picture that ReDoc asks the internet for; without it, it shows none. */
const FOREIGN_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

const STYLE = html`<style>
  body {
    margin: 0;
  }
  nav {
    position: sticky;
    top: 0;
    z-index: 200;
    display: flex;
    gap: 0.25rem 1.25rem;
    flex-wrap: wrap;
    padding: 0.625rem 1.25rem;
    background: #1c2833;
    color: #fff;
    font:
      0.9375rem/1.5 system-ui,
      sans-serif;
  }
  nav a {
    color: #cfdcff;
  }
  nav a[aria-current] {
    color: #fff;
    font-weight: 700;
    text-decoration: none;
  }
</style>`;

/** ReDoc from the local package: a page per version (`/redoc`, `/redoc/v1`), and its one script, read on first use. */
export function serveReDoc(app: NestExpressApplication, title: string): void {
  // The adapter's instance is Express itself; Nest types it as any.
  const express = app.getHttpAdapter().getInstance() as Express;
  let script: string | undefined;
  express.get(SCRIPT, (_request, response) => {
    script ??= readFileSync(require.resolve('redoc/bundles/redoc.standalone.js'), 'utf8').replaceAll(
      FOREIGN_LOGO,
      'data:,',
    );
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    response.setHeader('Cache-Control', 'public, max-age=86400');
    response.end(script);
  });
  const page = (path: string, version: string): void => {
    const markup = pageOf(title, version);
    express.get(path, (_request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(markup);
    });
  };
  page('/redoc', LATEST_VERSION);
  for (const version of API_VERSIONS) page(`/redoc/${version}`, version);
}

function pageOf(title: string, version: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title} ${version}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        ${STYLE}
      </head>
      <body>
        <nav>
          <span>${title}</span> ${API_VERSIONS.map((other) => versionLink(other, version))}
          <a href="/docs">Swagger UI</a>
        </nav>
        <redoc spec-url="/api/${version}/openapi.json" scroll-y-offset="nav"></redoc>
        <script src="${SCRIPT}"></script>
      </body>
    </html>`.markup;
}

function versionLink(version: string, shown: string): Html {
  const current = version === shown && html` aria-current="page"`;
  return html`<a href="/redoc/${version}" ${current}>${version}</a>`;
}
