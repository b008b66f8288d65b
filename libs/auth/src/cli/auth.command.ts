import { NoAudit } from '@platform/audit';
import { CommandRunner, Command } from 'nest-commander';
import { MakeAdminCommand } from './make-admin.command';

/** `omni auth`: shows what it can do. */
@Command({ name: 'auth', description: 'Accounts and keys of signing in', subCommands: [MakeAdminCommand] })
@NoAudit('shows help')
export class AuthCommand extends CommandRunner {
  override async run(): Promise<void> {
    this.command.help();
  }
}
