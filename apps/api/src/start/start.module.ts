import { Module } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { StartFacts } from './start-facts';
import { StartController } from './start.controller';

/** What newcomers see at `/`; not for production. */
@Module({ controllers: [StartController], providers: [StartFacts], exports: [StartFacts] })
export class StartModule {
  /** @throws BootRefused in production: what runs there is nobody's business */
  constructor(core: CoreConfig) {
    if (!core.isProduction) return;
    throw new BootRefused([
      'StartModule is loaded although ENVIRONMENT=production: it tells everybody what runs; import it in ' +
        'apps/api/src/api.module.ts only where it is not',
    ]);
  }
}
