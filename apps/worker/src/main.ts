import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { readEnvironment } from '@platform/config';
import { Migrator } from '@platform/database';
import { NestLog, reportBootFailure } from '@platform/observability';
import { WorkerRuntime } from '@platform/queue';
import { OperationsServer } from './operations-server';
import { WorkerAppModule } from './worker.module';
import { WorkerShutdown } from './worker-shutdown';

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(WorkerAppModule.assemble(readEnvironment()), {
    abortOnError: false,
    logger: new NestLog(),
  });
  await app.get(Migrator).prepare();
  app.get(WorkerShutdown).install(app);
  await app.get(OperationsServer).listen();
  app.get(WorkerRuntime).start();
}

main().catch(reportBootFailure);
