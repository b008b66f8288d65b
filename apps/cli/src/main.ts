import 'reflect-metadata';
import { readEnvironment } from '@platform/config';
import { CommandFactory } from 'nest-commander';
import { CliModule } from './cli.module';
import { domainCommands } from './domain-commands';
import { reportFailure } from './report-failure';
import { StderrLogger } from './stderr-logger';

/** `omni`: exit code 0 when done, 1 when not done or when the answer is no. */
async function main(): Promise<void> {
  const word = process.argv[2] ?? '';
  const environment = readEnvironment();
  // A command of a domain is a provider of its module, and so needs the whole graph; ours open what they need.
  const root = domainCommands().has(word) ? CliModule.ofDomains(environment) : CliModule.ours(environment);
  await CommandFactory.run(root, {
    cliName: 'omni',
    // `omni jobs list --json`: the option is the last word's, though the one before has one of that name, too.
    enablePositionalOptions: true,
    logger: new StderrLogger(),
    abortOnError: false,
    serviceErrorHandler: reportFailure,
  });
}

// Who pipes the output into `head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

main().catch(reportFailure);
