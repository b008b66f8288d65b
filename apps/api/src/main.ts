import 'reflect-metadata';
import { type AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { CoreConfig, readEnvironment } from '@platform/config';
import { DatabaseFitness, Migrator } from '@platform/database';
import {
  API_VERSIONS,
  configureHttp,
  GracefulShutdown,
  httpAdapter,
  HttpConfig,
  OpenApi,
  RouteRegistry,
} from '@platform/http';
import { listenFailure, NestLog, reportBootFailure, reportNotices } from '@platform/observability';
import { WorkerRuntime } from '@platform/queue';
import { ApiModule } from './api.module';
import { printBanner } from './banner';
import { warnOfExposure } from './exposure';
import { StartFacts } from './start/start-facts';

async function main(): Promise<void> {
  const environment = readEnvironment();
  const asked = process.argv.includes('--describe');
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.assemble(environment), httpAdapter(), {
    abortOnError: false,
    bodyParser: false,
    logger: asked ? false : new NestLog(),
  });
  configureHttp(app);
  if (asked) return printDescription(app);

  reportNotices(app);
  await app.get(Migrator).prepare();
  await app.get(DatabaseFitness).demand();
  app.get(GracefulShutdown).install(app);
  const core = app.get(CoreConfig);
  const host = app.get(HttpConfig).host ?? core.defaultHost;
  await listen(app, core, host);
  await warnOfExposure(app, host);

  if (core.workerInline) startWorker(app);
  if (core.isLocal) await printBanner(app.get(StartFacts), core.ownUrl);
}

/** @throws BootRefused when the address is taken or not this machine's */
async function listen(app: NestExpressApplication, core: CoreConfig, host: string): Promise<void> {
  const { port } = core;
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenFailure(error, { host, port, hostSetting: 'HOST', portSetting: 'PORT' });
  }
  // A TCP server that listens has an address object.
  const bound = app.getHttpServer().address() as AddressInfo;
  core.listensAt(bound.address, bound.port);
}

/** WORKER=inline: jobs stop being taken when the drain ends, not when the last request does. */
function startWorker(app: NestExpressApplication): void {
  const worker = app.get(WorkerRuntime);
  worker.start();
  app.get(GracefulShutdown).onFarewell('worker', () => void worker.stop());
}

/** What this process serves, for `omni routes` and the generated reference. */
async function printDescription(app: NestExpressApplication): Promise<void> {
  await app.init();
  const documents = API_VERSIONS.map((version) => [version, app.get(OpenApi).document(version)]);
  const description = { routes: app.get(RouteRegistry).describe(), openapi: Object.fromEntries(documents) as object };
  process.stdout.write(`${JSON.stringify(description)}\n`);
  await app.close();
}

main().catch(reportBootFailure);
