import { type INestApplicationContext } from '@nestjs/common';
import { LoadedSettings } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { flushLogs, Log } from './log';

/**
 * The end of a `main()` that failed: `main().catch(reportBootFailure)`. A {@link BootRefused} is advice to the
 * operator and goes to stderr as it is, anything else into the log with its stack. Exits with 1.
 */
export function reportBootFailure(error: unknown): never {
  if (error instanceof BootRefused) process.stderr.write(`${error.message}\n`);
  else Log.for('boot').error('The process could not start', { error });
  flushLogs();
  process.exit(1);
}

/** Say what is odd about the settings and stops nothing: names that nobody reads, and what the sections advise. */
export function reportNotices(app: INestApplicationContext): void {
  const { advice, strayNames } = app.get(LoadedSettings);
  for (const notice of [...strayNames, ...advice]) Log.for('settings').warn(notice);
}
