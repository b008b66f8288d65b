import { NoAudit } from '@platform/audit';
import { Command, CommandRunner } from 'nest-commander';
import { MakeAdminCommand } from './make-admin.command';
import { RotateKeysCommand } from './rotate-keys.command';

/** `omni auth`: shows what it can do. */
@Command({
  name: 'auth',
  description: 'Accounts, and the keys of signing in',
  subCommands: [MakeAdminCommand, RotateKeysCommand],
})
@NoAudit('shows help')
export class AuthCommand extends CommandRunner {
  override async run(): Promise<void> {
    this.command.help({ error: true });
  }
}
