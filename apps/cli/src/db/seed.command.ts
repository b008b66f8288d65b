import { Migrator, Seeding, type SeedSet } from '@platform/database';
import { CoreConfig } from '@platform/config';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { Output } from '../output';
import { Workspace } from '../workspace';

const SETS: readonly SeedSet[] = ['required', 'demo', 'stress', 'test'];

/** `omni db seed` */
@SubCommand({ name: 'seed', description: 'Write the rows of a seed set; safe to repeat' })
export class SeedCommand extends CommandRunner {
  constructor(
    private readonly workspace: Workspace,
    private readonly output: Output,
    private readonly core: CoreConfig,
  ) {
    super();
  }

  async run(_arguments: string[], options: { set?: SeedSet; force?: boolean; embedded?: boolean }): Promise<void> {
    const set = options.set ?? 'required';
    if (options.embedded && !(this.core.isLocal && this.core.mode === 'embedded')) return;
    await this.workspace.open(async (application) => {
      if (set !== 'required' && application.get(CoreConfig).isProduction && !options.force) {
        throw new Error(
          `The ${set} set is not for production (ENVIRONMENT=production); --force writes it nevertheless`,
        );
      }
      await application.get(Migrator).prepare();
      const lines = await application.get(Seeding).run(set);
      for (const line of lines) this.output.line(line);
      if (lines.length === 0 && !options.embedded) this.output.line(`No seeder of the ${set} set had anything to say`);
    });
  }

  @Option({ flags: '--set <name>', description: `${SETS.join(', ')} (default required)`, choices: [...SETS] })
  set(name: string): string {
    return name;
  }

  @Option({ flags: '--embedded', description: 'only in embedded mode with ENVIRONMENT=local; else do nothing' })
  embedded(): boolean {
    return true;
  }

  @Option({ flags: '--force', description: 'also in production' })
  force(): boolean {
    return true;
  }
}
