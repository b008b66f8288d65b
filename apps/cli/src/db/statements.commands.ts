import { Migrator, StatementPlans } from '@platform/database';
import { CommandRunner, SubCommand } from 'nest-commander';
import { Output } from '../output';
import { Workspace } from '../workspace';

/** `omni db statements` */
@SubCommand({
  name: 'statements',
  arguments: '[domain]',
  description: 'Print every SQL statement of all domains, or of one, by name',
})
export class StatementsCommand extends CommandRunner {
  constructor(
    private readonly workspace: Workspace,
    private readonly output: Output,
  ) {
    super();
  }

  async run([domain]: string[]): Promise<void> {
    await this.workspace.open((application) => {
      const plans = application.get(StatementPlans);
      const owned = plans.all(domain);
      if (owned.length === 0) throw new Error(`No statement is on a table of ${domain}: ${domainsOf(plans)}`);
      for (const { statement } of owned) {
        this.output.line(`-- ${statement.name} (${statement.parameters.join(', ')})`);
        this.output.line(`${statement.compiledText.text.replace(/\s+/g, ' ').trim()};`);
      }
      return Promise.resolve();
    });
  }
}

/** `omni db explain` */
@SubCommand({
  name: 'explain',
  arguments: '[domain]',
  description: 'Ask the database for the plan of each statement, and name the lists that read a whole table',
})
export class ExplainCommand extends CommandRunner {
  constructor(
    private readonly workspace: Workspace,
    private readonly output: Output,
  ) {
    super();
  }

  async run([domain]: string[]): Promise<void> {
    await this.workspace.open(async (application) => {
      await application.get(Migrator).prepare();
      const plans = application.get(StatementPlans);
      const owned = plans.all(domain);
      if (owned.length === 0) throw new Error(`No statement is on a table of ${domain}: ${domainsOf(plans)}`);
      let slow = 0;
      for (const one of owned) {
        const { plan, readsAll, statement } = await plans.explain(one);
        if (!readsAll) continue;
        slow += 1;
        this.output.line(`${statement.name} reads the whole table: give its condition and order an index, or a bound`);
        for (const line of plan) this.output.line(`  ${line}`);
      }
      this.output.line(`${owned.length} statements, ${slow} of them lists that read a whole table`);
    });
  }
}

function domainsOf(plans: StatementPlans): string {
  return `take one of ${[...new Set(plans.all().map(({ domain }) => domain))].toSorted().join(', ')}`;
}
