import { z } from 'zod';
import { code, markdownTable, page } from './markdown';

const HANDLER = z.object({
  /** `job`, `cron` or `listener`. */
  kind: z.string(),
  name: z.string(),
  handler: z.string(),
  summary: z.string().optional(),
  /** The cron expression, or the event type. */
  on: z.string().optional(),
  attempts: z.number(),
  timeout_ms: z.number(),
  audit: z.string().optional(),
});

/** One thing that the worker does. */
export type JobLine = z.infer<typeof HANDLER>;

/** Read what `worker --describe` printed. @throws ZodError when it is of another build. */
export function readJobs(printed: unknown): JobLine[] {
  return z.array(HANDLER).parse(printed);
}

/** `docs/reference/jobs.md`: jobs, schedules and listeners. */
export function jobsPage(lines: readonly JobLine[]): string {
  const of = (kind: string): JobLine[] => lines.filter((line) => line.kind === kind);
  const tries = (line: JobLine): string[] => [String(line.attempts), `${line.timeout_ms / 1000} s`, code(line.handler)];
  const purpose =
    'What the worker does. Rows of the ledger say what waits, ran and failed: `npm run omni -- jobs list`; what rests ' +
    'in the dead letters runs again by `npm run omni -- jobs redrive`.';
  return page('Jobs', purpose, [
    '## Jobs\n\nAsked for with `jobs.enqueue`; each has exactly one handler.',
    markdownTable(
      ['Job', 'Does', 'Attempts', 'Time for one', 'Handler'],
      of('job').map((line) => [code(line.name), line.summary ?? '', ...tries(line)]),
    ),
    '## Schedules\n\nOnce per cluster and tick, UTC.',
    markdownTable(
      ['Schedule', 'When', 'Attempts', 'Time for one', 'Handler'],
      of('cron').map((line) => [code(line.name), code(line.on), ...tries(line)]),
    ),
    '## Listeners\n\nAfter the commit of the event, at least once, each in its own transaction.',
    markdownTable(
      ['Event', 'Attempts', 'Time for one', 'Handler'],
      of('listener').map((line) => [code(line.on), ...tries(line)]),
    ),
  ]);
}
