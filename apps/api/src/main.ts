import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { CoreConfig, readEnvironment } from '@platform/config';
import { Migrator } from '@platform/database';
import { configureHttp, GracefulShutdown, HttpConfig, RouteCensus } from '@platform/http';
import { NestLog, reportBootFailure } from '@platform/observability';
import { ApiModule } from './api.module';
import { printBanner } from './banner';

async function main(): Promise<void> {
  const environment = readEnvironment();
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.assemble(environment), {
    abortOnError: false,
    bodyParser: false,
    logger: new NestLog(),
  });
  configureHttp(app);
  if (process.argv.includes('--census')) return printCensus(app);

  await app.get(Migrator).prepare();
  const http = app.get(HttpConfig);
  app.get(GracefulShutdown).install(app);
  await app.listen(http.port, http.host);

  const core = app.get(CoreConfig);
  if (core.isLocal) await printBanner(core, `http://localhost:${http.port}`, http.docsEnabled);
}

async function printCensus(app: NestExpressApplication): Promise<void> {
  await app.init();
  process.stdout.write(`${JSON.stringify(app.get(RouteCensus).describe())}\n`);
  await app.close();
}

main().catch(reportBootFailure);
