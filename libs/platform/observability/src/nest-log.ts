import { type LoggerService } from '@nestjs/common';
import { BootRefused } from '@platform/kernel';
import { Log } from './log';

// Nest announces every route and every module at boot; that is worth a line only to someone who debugs the boot.
const CHATTY = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'WebSocketsController', 'NestFactory']);

/** Nest's own lines through {@link Log}: `NestFactory.create(module, { logger: new NestLog() })`. */
export class NestLog implements LoggerService {
  private readonly logs = new Map<string, Log>();

  log(message: unknown, ...rest: unknown[]): void {
    const { context, text } = read(message, rest);
    this.of(context)[CHATTY.has(context) ? 'debug' : 'info'](text);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // `main` says it, in full and once.
    if (message instanceof BootRefused) return;
    const { context, text, stack } = read(message, rest);
    this.of(context).error(text, message instanceof Error ? { error: message } : stack ? { stack } : undefined);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    const { context, text } = read(message, rest);
    this.of(context).warn(text, message instanceof Error ? { error: message } : undefined);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    const { context, text } = read(message, rest);
    this.of(context).debug(text);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }

  private of(context: string): Log {
    const known = this.logs.get(context);
    if (known) return known;
    const made = Log.for(context);
    this.logs.set(context, made);
    return made;
  }
}

/** Nest passes (message, context) and, for errors, (message, stack, context). */
function read(message: unknown, rest: readonly unknown[]): { context: string; text: string; stack?: string } {
  const last = rest.at(-1);
  const context = typeof last === 'string' && !last.includes('\n') ? last : 'Nest';
  const stack = rest.find((item): item is string => typeof item === 'string' && item.includes('\n'));
  return { context, text: textOf(message), stack };
}

function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (message instanceof Error) return message.message;
  try {
    return JSON.stringify(message) ?? String(message);
  } catch {
    return String(message);
  }
}
