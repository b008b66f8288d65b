import 'reflect-metadata';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readEnvironment } from '@platform/config';
import { DatabaseFitness, Migrator } from '@platform/database';
import { NestLog, releaseBootMemory, reportBootFailure, reportNotices } from '@platform/observability';
import { JobDescriptions, WorkerRuntime } from '@platform/queue';
import { OperationsServer } from './operations-server';
import { WorkerAppModule } from './worker.module';
import { WorkerShutdown } from './worker-shutdown';

async function main(): Promise<void> {
  const asked = process.argv.includes('--describe');
  const app = await NestFactory.createApplicationContext(WorkerAppModule.assemble(readEnvironment()), {
    abortOnError: false,
    logger: asked ? false : new NestLog(),
  });
  if (asked) return printDescription(app);

  reportNotices(app);
  await app.get(Migrator).prepare();
  await app.get(DatabaseFitness).demand();
  app.get(WorkerShutdown).install(app);
  await app.get(OperationsServer).listen();
  app.get(WorkerRuntime).start();
  releaseBootMemory();
}

/** What this process does, for `omni jobs` and the generated reference. */
async function printDescription(app: INestApplicationContext): Promise<void> {
  process.stdout.write(`${JSON.stringify(app.get(JobDescriptions).describe())}\n`);
  await app.close();
}

main().catch(reportBootFailure);
