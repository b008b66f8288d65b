import { type Constructor } from '@platform/kernel';
import { Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { AuditModule } from '@platform/audit';
import { CacheModule } from '@platform/cache';
import { ConfigModule } from '@platform/config';
import { DatabaseModule, Migrator } from '@platform/database';
import { configureLogging, ObservabilityModule } from '@platform/observability';
import { SecurityModule } from '@platform/security';
import { configureHttp, httpAdapter, HttpModule } from '../src';
import { NotesController, ProbeController } from './notes.controller';
import { NotesModule } from './notes.module';

const PLATFORM = [DatabaseModule, ObservabilityModule, CacheModule, SecurityModule, AuditModule, HttpModule];

/** A running app with the whole pipeline before a few controllers. */
export interface ProbeApp {
  readonly app: NestExpressApplication;
  readonly base: string;
  /** Lines of the log so far. */
  readonly log: string[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

/** What a test sends. */
export interface CallOptions {
  as?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What came back. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // The tests look into bodies of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** Boot the controllers, and what `metadata` adds to their module, behind the pipeline on a migrated database. */
export async function startProbe(
  environment: Record<string, string>,
  controllers: Constructor[] = [NotesController, ProbeController],
  metadata: Pick<ModuleMetadata, 'imports' | 'providers'> = {},
): Promise<ProbeApp> {
  @Module({ imports: [NotesModule, ...(metadata.imports ?? [])], providers: metadata.providers, controllers })
  class ProbeModule {}

  const modules = [...PLATFORM, ProbeModule];
  @Module({
    imports: [
      ConfigModule.load(modules, { PORT: '0', WORKER: 'inline', DB_MIGRATE_ON_BOOT: 'true', ...environment }),
      ...modules,
    ],
  })
  class AppModule {}

  const app = await NestFactory.create<NestExpressApplication>(AppModule, httpAdapter(), {
    abortOnError: false,
    bodyParser: false,
    logger: false,
  });
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  configureLogging({ level: 'INFO', format: 'json', service: 'probe', environment: 'staging', destination });
  configureHttp(app);
  try {
    await app.get(Migrator).prepare();
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const base = await app.getUrl();
  return { app, base, log, call: (...parameters) => call(base, ...parameters), close: () => app.close() };
}

async function call(base: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { as, body, headers = {} } = options;
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(as && { authorization: `Bearer ${as}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text ? JSON.parse(text) : undefined,
  };
}
