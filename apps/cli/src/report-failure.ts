import { AppError, BootRefused } from '@platform/kernel';

/** Say on stderr why the command did not do its work, and leave exit code 1. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`omni: ${explain(error)}\n`);
  process.exitCode = 1;
}

/** What the operator needs to know: the message and its causes; a stack only for what nobody foresaw. */
export function explain(error: unknown): string {
  if (error instanceof BootRefused && error.problems.length === 1) return error.problems.join();
  if (error instanceof BootRefused || error instanceof AppError) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return explain(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.cause.message !== error.message ? error.cause.message : '';
  if (error instanceof TypeError || error instanceof ReferenceError) return error.stack ?? error.message;
  return [withoutCredentials(error.message), ...(cause ? [`because ${withoutCredentials(cause)}`] : [])].join('\n  ');
}

function withoutCredentials(text: string): string {
  return text.replaceAll(/:\/\/[^@\s/]*@/g, '://***@');
}
