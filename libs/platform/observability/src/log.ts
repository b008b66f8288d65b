import { currentContext, type WorkContext } from '@platform/kernel';
import pino from 'pino';
import { packageVersion } from './package-version';
import { describeError, type ScrubOptions, scrubText, scrubValue } from './scrub';
import { textStream } from './text-stream';

/** The levels of `LOG_LEVEL`. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

/** What a line says besides its message. `error` becomes `exception`; the rest stands in the line under its own name. */
export interface LogFacts {
  readonly error?: unknown;
  readonly [name: string]: unknown;
}

/** How the process logs. */
export interface LoggingOptions {
  readonly level: LogLevel;
  /** `json`: one object per line; `text`: for eyes. */
  readonly format: 'json' | 'text';
  readonly service: string;
  readonly environment: string;
  /** Where lines go; default stdout. Tests pass their own. */
  readonly destination?: pino.DestinationStream;
}

const PINO_LEVEL = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const;
const LEVEL_NAME: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'ERROR',
};

interface Root {
  readonly pino: pino.Logger;
  readonly scrub: ScrubOptions;
  flush(): void;
}

// One pen per process: lines are written before the container exists and after it is gone.
let root: Root | undefined;

function currentRoot(): Root {
  // Before the settings are read nothing is known of the environment, so be strict.
  return (root ??= build({ level: 'INFO', format: 'json', service: 'OmniStack API', environment: 'unknown' }));
}

/** Set how the process logs, from now on, for every {@link Log} that exists or will. */
export function configureLogging(options: LoggingOptions): void {
  root?.flush();
  root = build(options);
}

/** How the scrubbers are set; for {@link Log.plain}. */
export function scrubbing(): ScrubOptions {
  return currentRoot().scrub;
}

/** Write what is still in memory; call it before `process.exit`. */
export function flushLogs(): void {
  root?.flush();
}

function build(options: LoggingOptions): Root {
  const destination = options.destination ?? (options.format === 'text' ? textStream() : asynchronousStdout());
  const logger = pino(
    {
      level: PINO_LEVEL[options.level],
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: LEVEL_NAME[label] }) },
      base: { service: options.service, environment: options.environment, version: packageVersion() },
      mixin: runningFields,
    },
    destination,
  );
  return {
    pino: logger,
    scrub: { maskEmails: options.environment !== 'local' },
    flush: () => flushSync(destination),
  };
}

/** Lines gather in memory while a write is under way; pino's exit hook writes the rest. */
function asynchronousStdout(): pino.DestinationStream {
  return pino.destination({ dest: 1, sync: false });
}

function flushSync(destination: pino.DestinationStream & { flushSync?: () => void }): void {
  try {
    destination.flushSync?.();
  } catch {
    // A destination that is not open yet or no longer: there is nothing to write to.
  }
}

function runningFields(): object {
  const context = currentContext();
  // pino merges the line into what it gets here, so it must be a new object each time.
  return context ? contextFields(context) : {};
}

/** The fields that tie a line to its request: id, person (of a job: who asked for it), trace. */
export function contextFields(context: WorkContext): Record<string, string> {
  const fields: Record<string, string> = { request_id: context.requestId };
  const person = [context.actor, context.onBehalfOf].find((one) => one?.kind === 'user');
  if (person) fields.user_id = person.id;
  // traceparent is version-traceid-parentid-flags (W3C Trace Context §3.2).
  const traceId = context.traceparent?.split('-')[1];
  if (traceId) fields.trace_id = traceId;
  return fields;
}

/**
 * A named logger. Needs no injection and no settings.
 *
 * ```ts
 * private readonly log = Log.for('queue');
 * this.log.warn('Job failed, will try again', { job: name, attempt, error });
 * ```
 */
export class Log {
  private child?: pino.Logger;
  private madeFrom?: Root;

  constructor(private readonly name: string) {}

  /** The logger of a part of the system; the name is the `logger` field of its lines. */
  static for(name: string): Log {
    return new Log(name);
  }

  debug(message: string, facts?: LogFacts): void {
    this.write('debug', message, facts);
  }

  info(message: string, facts?: LogFacts): void {
    this.write('info', message, facts);
  }

  warn(message: string, facts?: LogFacts): void {
    this.write('warn', message, facts);
  }

  error(message: string, facts?: LogFacts): void {
    this.write('error', message, facts);
  }

  /** Write fields that the caller has scrubbed already; for lines whose cost counts. */
  plain(level: 'info' | 'error', message: string, fields: object): void {
    this.pen(currentRoot())[level](fields, message);
  }

  private write(level: 'debug' | 'info' | 'warn' | 'error', message: string, facts?: LogFacts): void {
    const made = currentRoot();
    const pen = this.pen(made);
    if (!pen.isLevelEnabled(level)) return;
    try {
      pen[level](facts ? lineOf(facts, made.scrub) : {}, scrubText(message, made.scrub));
    } catch {
      // A getter that throws in a logged object must not break the work that logs it.
      pen[level]({ logging_failed: true }, message.slice(0, 200));
    }
  }

  private pen(made: Root): pino.Logger {
    if (this.child && this.madeFrom === made) return this.child;
    this.madeFrom = made;
    return (this.child = made.pino.child({ logger: this.name }));
  }
}

// Fields that the line itself owns; a fact of the same name would make the JSON ambiguous.
const RESERVED = new Set(['level', 'message', 'timestamp', 'logger', 'service', 'environment', 'version']);

function lineOf(facts: LogFacts, scrub: ScrubOptions): object {
  const { error, ...rest } = facts;
  // A record stays a record: scrubValue copies objects entry by entry.
  const line = scrubValue(rest, scrub) as Record<string, unknown>;
  for (const key of Object.keys(line)) {
    if (!RESERVED.has(key)) continue;
    line[`fact_${key}`] = line[key];
    delete line[key];
  }
  if (error !== undefined) line.exception = describeError(error, scrub);
  return line;
}
