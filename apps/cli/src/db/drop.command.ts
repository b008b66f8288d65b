import { CoreConfig } from '@platform/config';
import { Migrator, type Removal } from '@platform/database';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { Output } from '../output';

interface DropOptions {
  yes?: boolean;
  force?: boolean;
}

/** `omni db drop`: what a domain has left, or still has, in this database; exit code 1 while nothing was dropped. */
@SubCommand({
  name: 'drop',
  arguments: '<domain>',
  description: 'Show the tables that a domain has here, and with --yes take them away for good, rows and all',
})
export class DropCommand extends CommandRunner {
  constructor(
    private readonly migrator: Migrator,
    private readonly output: Output,
    private readonly core: CoreConfig,
  ) {
    super();
  }

  async run([domain = '']: string[], { force = false, yes = false }: DropOptions): Promise<void> {
    if (yes && this.core.isProduction && !force) {
      throw new Error(
        `Nothing was dropped: this is production (ENVIRONMENT=production). --force drops ${domain} there, too; make a backup before`,
      );
    }
    const removal = yes ? await this.migrator.drop(domain) : await this.migrator.holdings(domain);
    this.output.table(
      removal.tables.map(({ name, rows }) => ({ table: name, rows })),
      { empty: `${domain} has no table here, only the memory of ${removal.migrations.length} migrations` },
    );
    if (yes) this.sayWhatStays(domain, removal);
    else {
      this.output.line(`Nothing was dropped: \`omni db drop ${domain} --yes\` takes this away for good`);
      process.exitCode = 1;
    }
  }

  @Option({ flags: '--yes', description: 'do it; without it, only say what would go' })
  yes(): boolean {
    return true;
  }

  @Option({ flags: '--force', description: 'also in production' })
  force(): boolean {
    return true;
  }

  private sayWhatStays(domain: string, { isInCode }: Removal): void {
    this.output.line(
      `Dropped. What stays of ${domain}: its rows in the audit trail, and its jobs (\`omni jobs list\`)`,
    );
    if (isInCode)
      this.output.line(
        `The code of ${domain} is still here: the next migration makes its tables anew, empty. ` +
          `\`npm run destroy domain ${domain}\` takes the code away`,
      );
  }
}
