import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ids, runInContext, systemActor } from '@platform/kernel';
import { readEnvironment } from '@platform/config';
import { ApplicationModule } from './application.module';
import { StderrLogger } from './stderr-logger';

/** Opens what a command needs, no earlier than it needs it: help and descriptions wait for no database. */
@Injectable()
export class Workspace {
  /** Run `work` with every domain and its database; the actor is the operator. Closed afterwards, also on failure. */
  async open<T>(work: (application: INestApplicationContext) => Promise<T>): Promise<T> {
    const application = await NestFactory.createApplicationContext(ApplicationModule.assemble(readEnvironment()), {
      logger: new StderrLogger(),
      abortOnError: false,
    });
    try {
      const context = { requestId: application.get(Ids).next(), actor: systemActor('omni') };
      return await runInContext(context, () => work(application));
    } finally {
      await application.close();
    }
  }
}
