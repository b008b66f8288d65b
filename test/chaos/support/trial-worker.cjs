// A worker process of its own for the chaos suites: the real queue on a trial domain whose effects can be counted.
require('reflect-metadata');
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { Domain, defineJob } = fromDist('kernel');
const { ConfigModule } = fromDist('config');
const { Database, DatabaseModule, Migrator, statement } = fromDist('database');
const { ObservabilityModule } = fromDist('observability');
const { AuditModule, NoAudit } = fromDist('audit');
const { BullMqModule, JobHandler, WorkerModule, WorkerRuntime } = fromDist('queue');

function fromDist(part) {
  return require(join(__dirname, '..', '..', '..', 'dist', 'libs', 'platform', part, 'src'));
}

const TRY = defineJob({ name: 'trial.leave', summary: 'Leave one effect', attempts: 3, backoffMs: 50 });
const LEAVE = statement('trial.leave', 'INSERT INTO trial_effects (label, pid) VALUES (:label, :pid)');

class TrialHandler {
  constructor(database) {
    this.database = database;
  }

  async leave({ label, ms, deadly }) {
    // Outside the database: a run whose writes are rolled back stands here all the same.
    appendFileSync(process.env.TRIAL_RUNS, `${label}\n`);
    if (deadly) process.kill(process.pid, 'SIGKILL');
    await this.database.transaction(() => this.database.execute(LEAVE, { label, pid: process.pid }));
    // Between the effect and the mark that the row is done: here a kill must take both.
    await sleep(ms);
  }
}
Reflect.defineMetadata('design:paramtypes', [Database], TrialHandler);
const method = Object.getOwnPropertyDescriptor(TrialHandler.prototype, 'leave');
JobHandler(TRY)(TrialHandler.prototype, 'leave', method);
NoAudit('a trial')(TrialHandler.prototype, 'leave', method);

class TrialModule {}
Module({ providers: [TrialHandler] })(TrialModule);
Domain({ name: 'trial', jobs: [TRY] })(TrialModule);

const bullMq = BullMqModule.of(process.env, { works: true });
const parts = [DatabaseModule, ObservabilityModule, AuditModule, bullMq, WorkerModule, TrialModule];

async function main() {
  class TrialApp {}
  Module({ imports: [ConfigModule.load(parts, process.env), ...parts] })(TrialApp);
  const app = await NestFactory.createApplicationContext(TrialApp, { logger: false, abortOnError: false });
  await app.get(Migrator).migrate();
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  app.get(WorkerRuntime).start();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
