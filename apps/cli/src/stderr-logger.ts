import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Warnings of the parts that a command starts: on stderr, because stdout is the command's answer. */
export class StderrLogger extends ConsoleLogger {
  constructor() {
    super('omni', { logLevels: ['warn', 'error', 'fatal'] });
  }

  protected override printMessages(messages: unknown[], context?: string, level?: LogLevel): void {
    super.printMessages(messages, context, level, 'stderr');
  }
}
