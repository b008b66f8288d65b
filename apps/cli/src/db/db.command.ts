import { Command, CommandRunner } from 'nest-commander';
import { DropCommand } from './drop.command';
import { IntegrityCommand } from './integrity.command';
import { DriftCommand, MigrateCommand, RollbackCommand, StatusCommand } from './schema.commands';
import { SeedCommand } from './seed.command';
import { ExplainCommand, StatementsCommand } from './statements.commands';

/** `omni db`: the schema and its rows. */
@Command({
  name: 'db',
  description: 'Schema and seeds of the database that DATABASE_URL names',
  subCommands: [
    ...[MigrateCommand, RollbackCommand, StatusCommand, DriftCommand, DropCommand],
    ...[IntegrityCommand, SeedCommand, StatementsCommand, ExplainCommand],
  ],
})
export class DbCommand extends CommandRunner {
  async run(): Promise<void> {
    this.command.help({ error: true });
  }
}
