import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, type Environment } from '@platform/config';
import { Migrator } from '@platform/database';
import { InjectCommander } from 'nest-commander';
import { ApplicationModule, DECLARING_MODULES } from './application.module';
import { BuiltApp } from './built-app';
import { EventsCommand, PermissionsCommand, RoutesCommand, SettingsCommand } from './describe/describe.commands';
import { DbCommand } from './db/db.command';
import { DropCommand } from './db/drop.command';
import { IntegrityCommand } from './db/integrity.command';
import { DriftCommand, MigrateCommand, RollbackCommand, StatusCommand } from './db/schema.commands';
import { SeedCommand } from './db/seed.command';
import { ExplainCommand, StatementsCommand } from './db/statements.commands';
import { CheckDocsCommand, DocsCommand, WriteDocsCommand } from './docs/docs.commands';
import { Reference } from './docs/reference';
import { JobsCommand, ListJobsCommand, RedriveJobsCommand } from './jobs/jobs.commands';
import { domainCommands } from './domain-commands';
import { Output } from './output';
import { StraySettings } from './stray-settings';
import { StrictWords } from './strict-words';
import { Workspace } from './workspace';

/** What we use of commander's root command; its package is nest-commander's, not ours to import. */
interface RootCommand {
  name(name: string): unknown;
  description(text: string): unknown;
  enablePositionalOptions(positional: boolean): unknown;
}

/** Calls the root command by the name under which people know it. */
class CommandName {
  constructor(@InjectCommander() command: RootCommand) {
    command.name('omni');
    // nest-commander does so for every command but this one.
    command.enablePositionalOptions(true);
    const others = [...domainCommands()].map(([name, description]) => `  ${name.padEnd(22)} ${description}`);
    command.description(`The operator's command.\n\nOf the domains:\n${others.join('\n')}`);
  }
}

/** What holds for the commands of both lists below. */
const EVERY_COMMAND = [CommandName, StrictWords, StraySettings];

/** The commands of `omni`. */
@Module({})
export class CliModule {
  /** Our own commands: settings are read, no database is opened before a command asks for it. */
  static ours(environment: Environment): DynamicModule {
    return {
      module: CliModule,
      imports: [ConfigModule.load(DECLARING_MODULES, environment)],
      providers: [
        ...EVERY_COMMAND,
        { provide: Output, useFactory: () => new Output() },
        Workspace,
        BuiltApp,
        Migrator,
        Reference,
        ...[DbCommand, MigrateCommand, RollbackCommand, StatusCommand, DriftCommand, DropCommand],
        ...[IntegrityCommand, SeedCommand, StatementsCommand, ExplainCommand],
        ...[RoutesCommand, EventsCommand, PermissionsCommand, SettingsCommand],
        ...[JobsCommand, ListJobsCommand, RedriveJobsCommand],
        ...[DocsCommand, WriteDocsCommand, CheckDocsCommand],
      ],
    };
  }

  /** The commands that domains and platform parts bring, with all that they inject. */
  static ofDomains(environment: Environment): DynamicModule {
    return { module: CliModule, imports: [ApplicationModule.assemble(environment)], providers: EVERY_COMMAND };
  }
}
