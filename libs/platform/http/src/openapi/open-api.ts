import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { CoreConfig } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { packageVersion } from '@platform/observability';
import { BoundPort, TokenGuide } from '@platform/security';
import { type Express } from 'express';
import { answerJson } from '../answer';
import { API_VERSIONS, type ApiVersion } from '../entry/api-version';
import { HttpConfig } from '../http.config';
import { Ports } from '../pipeline/ports';
import { RouteRegistry } from '../pipeline/route-registry';
import { completeDocument } from './complete-document';
import { completeInputs } from './complete-inputs';
import { serveReDoc } from './redoc';

/** Swagger UI lets long words run out of a phone's screen. */
const NARROW_SCREENS =
  '.swagger-ui .info code, .swagger-ui .opblock-summary-path { white-space: normal; overflow-wrap: anywhere }';

/** The OpenAPI documents of both versions, and the two viewers (D21). */
@Injectable()
export class OpenApi implements OnApplicationBootstrap {
  private app?: NestExpressApplication;
  private whole?: OpenAPIObject;
  private readonly guide: BoundPort<TokenGuide>;
  private readonly made = new Map<ApiVersion, OpenAPIObject>();

  constructor(
    private readonly core: CoreConfig,
    private readonly config: HttpConfig,
    private readonly registry: RouteRegistry,
    private readonly ports: Ports,
    modules: ModuleRef,
  ) {
    this.guide = new BoundPort(modules, TokenGuide);
  }

  /** @throws BootRefused with what the documents would say wrongly, where they are served */
  onApplicationBootstrap(): void {
    if (this.app && this.enabled) this.describe();
  }

  /** Whether documents are served: `API_DOCS_ENABLED`, else everywhere but in production. */
  get enabled(): boolean {
    return this.config.docsEnabled ?? !this.core.isProduction;
  }

  /** Mount documents and viewers on the app, before its own routes; nothing where they are off. */
  serve(app: NestExpressApplication): void {
    this.app = app;
    if (!this.enabled) return;
    // The adapter's instance is Express itself; Nest types it as any.
    const express = app.getHttpAdapter().getInstance() as Express;
    for (const version of API_VERSIONS) {
      express.get(`/api/${version}/openapi.json`, (_request, response) => {
        answerJson(response, 200, this.document(version));
      });
    }
    SwaggerModule.setup('docs', app, () => this.document('v1'), {
      customSiteTitle: this.core.projectName,
      raw: false,
      explorer: true,
      customfavIcon: 'data:,',
      customCss: NARROW_SCREENS,
      swaggerOptions: {
        persistAuthorization: true,
        tryItOutEnabled: true,
        displayRequestDuration: true,
        defaultModelsExpandDepth: 0,
        filter: true,
        urls: API_VERSIONS.map((version) => ({ name: version, url: `/api/${version}/openapi.json` })),
      },
    });
    serveReDoc(app, this.core.projectName);
  }

  /** The document of one version, made by the first call. */
  document(version: ApiVersion): OpenAPIObject {
    let document = this.made.get(version);
    if (!document) this.made.set(version, (document = this.make(version)));
    return document;
  }

  private make(version: ApiVersion): OpenAPIObject {
    return completeDocument(this.describe(), version, this.registry.routes(), {
      tenants: this.ports.bound('Tenancy'),
      guide: this.guide.get(),
    });
  }

  /** Both versions in one document, as Swagger reads the decorators and with what the rules of the inputs say. */
  private describe(): OpenAPIObject {
    if (this.whole) return this.whole;
    if (!this.app) throw new Error('OpenApi.document() before configureHttp(): there is no app to describe');
    const base = new DocumentBuilder()
      .setTitle(this.core.projectName)
      .setVersion(packageVersion())
      .setOpenAPIVersion('3.1.0')
      .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
      .build();
    const whole = SwaggerModule.createDocument(this.app, base, {
      operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
    });
    const violations = completeInputs(whole, this.registry.routes());
    if (violations.length > 0) throw new BootRefused(violations);
    return (this.whole = whole);
  }
}
