import { Module } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { MailModule } from '../mail.module';
import { DevMailboxController } from './dev-mailbox.controller';

/** `/dev/mailbox`; only for a process whose ENVIRONMENT is local. */
@Module({ imports: [MailModule], controllers: [DevMailboxController] })
export class DevMailboxModule {
  /** @throws BootRefused anywhere else: the inbox shows everybody's mail to everybody. */
  constructor(core: CoreConfig) {
    if (core.isLocal) return;
    throw new BootRefused([
      `DevMailboxModule is loaded although ENVIRONMENT=${core.environment}: it shows all mail to everybody; ` +
        'import it in apps/api/src/api.module.ts only where core.isLocal',
    ]);
  }
}
