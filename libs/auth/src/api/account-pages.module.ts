import { Module } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { AccountPagesController } from './account-pages.controller';

/** Pages for the links of mails; only for a process whose ENVIRONMENT is local and that knows no web application. */
@Module({ controllers: [AccountPagesController] })
export class AccountPagesModule {
  /** @throws BootRefused anywhere else */
  constructor(core: CoreConfig) {
    if (core.isLocal) return;
    throw new BootRefused([
      `AccountPagesModule is loaded although ENVIRONMENT=${core.environment}: set APP_URL to the address of your ` +
        'application, and import the module in apps/api/src/api.module.ts only where core.isLocal',
    ]);
  }
}
