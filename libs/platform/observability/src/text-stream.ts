import type pino from 'pino';
import pretty from 'pino-pretty';

/**
 * Lines for eyes: `2026-11-22 10:15:00 INFO [req 0192f…] [user 0192…] queue: message`, then facts and stack.
 * Written synchronously and in this process: a developer's terminal must show the last line before a crash.
 */
export function textStream(): pino.DestinationStream {
  return pretty({
    sync: true,
    colorize: Boolean(process.stdout.isTTY),
    messageKey: 'message',
    timestampKey: 'timestamp',
    levelKey: 'level',
    translateTime: 'UTC:yyyy-mm-dd HH:MM:ss',
    ignore: 'service,environment,version,logger,request_id,user_id,trace_id,exception',
    singleLine: true,
    hideObject: false,
    customLevels: 'DEBUG:20,INFO:30,WARNING:40,ERROR:50',
    customColors: 'DEBUG:blue,INFO:green,WARNING:yellow,ERROR:red',
    // Its own table of words knows `warn` and calls our WARNING a level of the user.
    customPrettifiers: { level: (_level, _key, line) => plain((line as Record<string, unknown>).level) },
    messageFormat: (line) => textOf(line),
  });
}

function textOf(line: Record<string, unknown>): string {
  const marks = [mark('req', line.request_id), mark('trace', line.trace_id), mark('user', line.user_id)].join('');
  return `${marks}${plain(line.logger)}: ${plain(line.message)}${stackOf(line.exception)}`;
}

function mark(name: string, value: unknown): string {
  return typeof value === 'string' ? `[${name} ${value.slice(-8)}] ` : '';
}

/** Control characters of a client must not move the cursor or forge a line. */
function plain(value: unknown): string {
  if (typeof value !== 'string') return '';
  // oxlint-disable-next-line no-control-regex
  return value.replaceAll('\n', '\n    ').replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, '');
}

function stackOf(exception: unknown): string {
  if (!exception || typeof exception !== 'object') return '';
  const { traceback, message, cause } = exception as { traceback?: unknown; message?: unknown; cause?: unknown };
  const own = `\n    ${plain(traceback ?? message)}`;
  return cause ? `${own}\n    caused by${stackOf(cause)}` : own;
}
