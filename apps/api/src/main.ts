import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { CoreConfig, readEnvironment } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { DatabaseFitness, Migrator } from '@platform/database';
import {
  API_VERSIONS,
  configureHttp,
  GracefulShutdown,
  httpAdapter,
  HttpConfig,
  OpenApi,
  RouteCensus,
} from '@platform/http';
import { NestLog, reportBootFailure } from '@platform/observability';
import { WorkerRuntime } from '@platform/queue';
import { ApiModule } from './api.module';
import { printBanner } from './banner';
import { StartFacts } from './start/start-facts';

async function main(): Promise<void> {
  const environment = readEnvironment();
  const asked = process.argv.includes('--census');
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.assemble(environment), httpAdapter(), {
    abortOnError: false,
    bodyParser: false,
    logger: asked ? false : new NestLog(),
  });
  configureHttp(app);
  if (asked) return printCensus(app);

  await app.get(Migrator).prepare();
  await app.get(DatabaseFitness).demand();
  const http = app.get(HttpConfig);
  app.get(GracefulShutdown).install(app);
  const core = app.get(CoreConfig);
  await listen(app, core.port, http.host);

  if (core.workerInline) startWorker(app);
  if (core.isLocal) await printBanner(app.get(StartFacts), `http://localhost:${core.port}`);
}

/** @throws BootRefused when the address is taken or not this machine's */
async function listen(app: NestExpressApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new BootRefused([`Port ${port} (PORT) is taken: stop the process that listens there, or set another PORT`]);
    }
    if (code === 'EADDRNOTAVAIL' || code === 'EACCES') {
      throw new BootRefused([`Nothing may listen on ${host}:${port} (HOST, PORT; ${code}): set another HOST or PORT`]);
    }
    throw error;
  }
}

/** WORKER=inline: jobs stop being taken when the drain ends, not when the last request does. */
function startWorker(app: NestExpressApplication): void {
  const worker = app.get(WorkerRuntime);
  worker.start();
  app.get(GracefulShutdown).onFarewell('worker', () => void worker.stop());
}

/** What this process serves, for `omni routes` and the generated reference. */
async function printCensus(app: NestExpressApplication): Promise<void> {
  await app.init();
  const documents = API_VERSIONS.map((version) => [version, app.get(OpenApi).document(version)]);
  const census = { routes: app.get(RouteCensus).describe(), openapi: Object.fromEntries(documents) as object };
  process.stdout.write(`${JSON.stringify(census)}\n`);
  await app.close();
}

main().catch(reportBootFailure);
