import { NoAudit } from '@platform/audit';
import { Command, CommandRunner } from 'nest-commander';
import { RotateKeysCommand } from './rotate-keys.command';

/** `omni auth`: shows what it can do. */
@Command({ name: 'auth', description: 'Sign-ins and their keys', subCommands: [RotateKeysCommand] })
@NoAudit('shows help')
export class AuthCommand extends CommandRunner {
  override async run(): Promise<void> {
    this.command.help();
  }
}
