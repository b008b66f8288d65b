import { JOB_STATES, JobLedger, type JobState } from '@platform/queue';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { Reference } from '../docs/reference';
import { Output } from '../output';
import { Workspace } from '../workspace';

interface ListOptions {
  state?: JobState;
  name?: string;
  limit?: number;
  json?: boolean;
}

/** `omni jobs list` */
@SubCommand({ name: 'list', description: 'Rows of the job ledger, newest first' })
export class ListJobsCommand extends CommandRunner {
  constructor(
    private readonly workspace: Workspace,
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: ListOptions): Promise<void> {
    const { state, name, limit = 20, json } = options;
    const page = await this.workspace.open((application) =>
      application.get(JobLedger, { strict: false }).list({ state, name }, { skip: 0, limit }),
    );
    // Payload and context may hold personal data: they stay in the database.
    const rows = page.items.map((job) => ({
      id: job.id,
      kind: job.kind,
      name: job.name,
      state: job.state,
      attempts: `${job.attempts}/${job.maxAttempts}`,
      created: job.createdAt.toISOString(),
      finished: job.finishedAt?.toISOString(),
      error: job.lastError?.split('\n')[0]?.slice(0, 120),
    }));
    this.output.table(rows, { json, empty: 'No row matches' });
    if (!json && page.total > rows.length) this.output.line(`${rows.length} of ${page.total}; --limit shows more`);
  }

  @Option({ flags: '--state <state>', description: JOB_STATES.join(', '), choices: [...JOB_STATES] })
  state(text: string): string {
    return text;
  }

  @Option({ flags: '--name <name>', description: 'only jobs of this contract, such as users.send_welcome_mail' })
  name(text: string): string {
    return text;
  }

  @Option({ flags: '--limit <count>', description: 'how many, 1 to 1000 (default 20)' })
  limit(text: string): number {
    const count = Number(text);
    if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
    throw new Error(`--limit ${text} is not a whole number from 1 to 1000`);
  }

  @Option({ flags: '--json', description: 'print JSON' })
  json(): boolean {
    return true;
  }
}

/** `omni jobs redrive` */
@SubCommand({
  name: 'redrive',
  arguments: '[id]',
  description: 'Give a dead letter, or with --all every one (of --name), all its attempts again',
})
export class RedriveJobsCommand extends CommandRunner {
  constructor(
    private readonly workspace: Workspace,
    private readonly output: Output,
  ) {
    super();
  }

  async run([id]: string[], options: { all?: boolean; name?: string }): Promise<void> {
    if (Boolean(id) === Boolean(options.all)) {
      throw new Error(
        'Say which: `omni jobs redrive <id>`, or `omni jobs redrive --all`; `omni jobs list --state dead`',
      );
    }
    const redriven = await this.workspace.open(async (application) => {
      const ledger = application.get(JobLedger, { strict: false });
      if (!id) return ledger.redriveAll(options.name);
      await ledger.redrive(id);
      return 1;
    });
    this.output.line(redriven === 1 ? 'Redrove 1 job' : `Redrove ${redriven} jobs`);
  }

  @Option({ flags: '--all', description: 'every dead letter' })
  all(): boolean {
    return true;
  }

  @Option({ flags: '--name <name>', description: 'with --all: only jobs of this contract' })
  name(text: string): string {
    return text;
  }
}

/** `omni jobs` */
@Command({
  name: 'jobs',
  description: 'Every job, schedule and listener that the worker does; `list` and `redrive` work on the ledger',
  subCommands: [ListJobsCommand, RedriveJobsCommand],
})
export class JobsCommand extends CommandRunner {
  constructor(
    private readonly reference: Reference,
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: { json?: boolean }): Promise<void> {
    this.output.table(await this.reference.jobs(), { json: options.json, empty: 'The worker does nothing' });
  }

  @Option({ flags: '--json', description: 'print JSON' })
  json(): boolean {
    return true;
  }
}
