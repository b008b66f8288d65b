import { CommandRunner, Command, Option, SubCommand } from 'nest-commander';
import { type ChainHead } from '../audit-chain';
import { NoAudit } from '../audit-log.decorators';
import { AuditTrail } from '../audit-trail';

interface VerifyOptions {
  anchor?: ChainHead;
}

/** `omni audit verify`: exit code 1 when the chain does not hold. */
@SubCommand({
  name: 'verify',
  description: 'Walk the hash chain of the audit trail and name the first row that does not fit',
})
@NoAudit('reads the trail and changes nothing')
export class AuditVerifyCommand extends CommandRunner {
  constructor(private readonly trail: AuditTrail) {
    super();
  }

  override async run(_parameters: string[], { anchor }: VerifyOptions = {}): Promise<void> {
    const { broken, head, rows } = await this.trail.verify(anchor);
    if (!broken) {
      process.stdout.write(
        `The audit trail holds: ${rows} rows. Anchor of the next run: ${head.sequence}:${head.rowHash}\n`,
      );
      return;
    }
    const place = broken.id
      ? `row ${broken.id} (position ${broken.sequence})`
      : `the end (position ${broken.sequence})`;
    process.stderr.write(`The audit trail is broken at ${place}: ${broken.reason}. ${rows} rows before it hold.\n`);
    process.exitCode = 1;
  }

  @Option({
    flags: '--anchor <sequence:hash>',
    description: 'what an earlier run printed: the chain must pass through it',
  })
  parseAnchor(text: string): ChainHead {
    const [, sequence, rowHash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
    if (!sequence || !rowHash) {
      throw new Error(`--anchor ${text}: give what an earlier \`omni audit verify\` printed, such as 120:9f86…`);
    }
    return { sequence: Number(sequence), rowHash };
  }
}

/** `omni audit`: shows what it can do. */
@Command({ name: 'audit', description: 'The audit trail', subCommands: [AuditVerifyCommand] })
@NoAudit('shows help')
export class AuditCommand extends CommandRunner {
  override async run(): Promise<void> {
    this.command.help({ error: true });
  }
}
