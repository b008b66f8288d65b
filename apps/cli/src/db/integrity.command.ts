import { type BrokenRule, Integrity } from '@platform/database';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { Output } from '../output';
import { Workspace } from '../workspace';

/** Violations that are kept; what is beyond is counted. */
const MOST_SHOWN = 1_000;

/** `omni db integrity` */
@SubCommand({
  name: 'integrity',
  description: 'Every row that breaks a rule of its domain; changes nothing; exit code 1 when a violation is critical',
})
export class IntegrityCommand extends CommandRunner {
  constructor(
    private readonly workspace: Workspace,
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: { json?: boolean; rule?: string }): Promise<void> {
    await this.workspace.open(async (application) => {
      const integrity = application.get(Integrity);
      const known = integrity.rules().map(({ id }) => id);
      if (options.rule !== undefined && !known.includes(options.rule))
        throw new Error(
          `There is no rule ${options.rule}: take one of ${known.join(', ') || '(no domain brings any)'}`,
        );
      const shown: BrokenRule[] = [];
      let total = 0;
      for await (const violation of integrity.check(options.rule)) {
        total += 1;
        if (shown.length < MOST_SHOWN) shown.push(violation);
        if (violation.severity === 'critical') process.exitCode = 1;
      }
      const rows = shown.map(({ description, id, rule, severity, table }) => ({
        severity,
        rule,
        table,
        id,
        description,
      }));
      this.output.table(rows, { json: options.json, empty: `${known.length} rules, no row breaks one` });
      if (total > shown.length && !options.json) this.output.line(`and ${total - shown.length} more`);
    });
  }

  @Option({ flags: '--rule <id>', description: 'only this rule' })
  rule(id: string): string {
    return id;
  }

  @Option({ flags: '--json', description: 'print JSON' })
  json(): boolean {
    return true;
  }
}
