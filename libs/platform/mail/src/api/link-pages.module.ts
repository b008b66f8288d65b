import { type DynamicModule, Module } from '@nestjs/common';
import { CoreConfig, declarationsIn } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { linkPageController } from './link-pages.controller';

/** The pages to which mails and redirects lead, for a process whose ENVIRONMENT is local and that knows no web application. */
@Module({})
export class LinkPagesModule {
  /** @throws BootRefused anywhere else */
  constructor(core: CoreConfig) {
    if (core.isLocal) return;
    throw new BootRefused([
      `LinkPagesModule is loaded although ENVIRONMENT=${core.environment}: set APP_URL to the address of your ` +
        'application, and import the module in apps/api/src/api.module.ts only where core.isLocal',
    ]);
  }

  /** A page for each that the domains of these modules declare. */
  static of(modules: readonly object[]): DynamicModule {
    const pages = declarationsIn(modules).flatMap((declaration) => declaration.pages ?? []);
    return { module: LinkPagesModule, controllers: pages.map(linkPageController) };
  }
}
