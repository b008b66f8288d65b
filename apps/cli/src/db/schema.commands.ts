import { Migrator } from '@platform/database';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { Output } from '../output';

/** `omni db migrate` */
@SubCommand({ name: 'migrate', description: 'Apply pending migrations; any number of processes may do so at once' })
export class MigrateCommand extends CommandRunner {
  constructor(
    private readonly migrator: Migrator,
    private readonly output: Output,
  ) {
    super();
  }

  async run(): Promise<void> {
    const applied = await this.migrator.migrate();
    for (const name of applied) this.output.line(`applied ${name}`);
    if (applied.length === 0) this.output.line('Nothing to apply: the schema is up to date');
  }
}

/** `omni db rollback` */
@SubCommand({ name: 'rollback', description: 'Take back the last migration, or --steps of them' })
export class RollbackCommand extends CommandRunner {
  constructor(
    private readonly migrator: Migrator,
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: { steps?: number }): Promise<void> {
    const undone = await this.migrator.rollback(options.steps ?? 1);
    for (const name of undone) this.output.line(`took back ${name}`);
    if (undone.length === 0) this.output.line('Nothing to take back: no migration is applied');
  }

  @Option({ flags: '--steps <count>', description: 'how many, from 1 (default 1)' })
  steps(text: string): number {
    const count = Number(text);
    if (Number.isInteger(count) && count >= 1 && count <= 10_000) return count;
    throw new Error(`--steps ${text} is not a whole number from 1; write for example \`omni db rollback --steps 2\``);
  }
}

/** `omni db status` */
@SubCommand({ name: 'status', description: 'Every migration, and whether it is applied; exit code 1 when one is not' })
export class StatusCommand extends CommandRunner {
  constructor(
    private readonly migrator: Migrator,
    private readonly output: Output,
  ) {
    super();
  }

  async run(_arguments: string[], options: { json?: boolean }): Promise<void> {
    const states = await this.migrator.status();
    const rows = states.map(({ applied, leftBy, name }) => ({
      migration: name,
      state: leftBy === undefined ? (applied ? 'applied' : 'pending') : `left by ${leftBy}`,
    }));
    this.output.table(rows, { json: options.json, empty: 'No domain declares a migration' });
    const makers = new Set(states.flatMap(({ leftBy }) => (leftBy === undefined || leftBy === '?' ? [] : [leftBy])));
    for (const maker of options.json ? [] : makers)
      this.output.line(`The code of ${maker} is gone: \`omni db drop ${maker}\` shows its tables, and takes them away`);
    if (states.some((state) => !state.applied)) process.exitCode = 1;
  }

  @Option({ flags: '--json', description: 'print JSON' })
  json(): boolean {
    return true;
  }
}

/** `omni db drift` */
@SubCommand({
  name: 'drift',
  description: 'Compare the migrated schema with the entities; exit code 1 when they differ',
})
export class DriftCommand extends CommandRunner {
  constructor(
    private readonly migrator: Migrator,
    private readonly output: Output,
  ) {
    super();
  }

  async run(): Promise<void> {
    const statements = await this.migrator.drift();
    if (statements.length === 0) return this.output.line('No drift: the schema is what the entities say');
    this.output.line('The schema differs from the entities. A new migration must do this, or the entity is wrong:');
    for (const statement of statements) this.output.line(`  ${statement}`);
    process.exitCode = 1;
  }
}
