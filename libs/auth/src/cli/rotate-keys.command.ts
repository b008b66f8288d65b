import { NoAudit } from '@platform/audit';
import { Ids, runInContext, systemActor } from '@platform/kernel';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { type Rotation, SigningKeysService } from '../tokens/signing-keys.service';

/** `omni auth rotate-keys`: a new key for access tokens, without a failed request. */
@SubCommand({
  name: 'rotate-keys',
  description: 'Publish a new signing key of access tokens; it signs in two minutes, the others retire when unneeded',
})
@NoAudit('the service writes the row together with the key')
export class RotateKeysCommand extends CommandRunner {
  constructor(
    private readonly keys: SigningKeysService,
    private readonly ids: Ids,
  ) {
    super();
  }

  override async run(_parameters: string[], rotation: Rotation = {}): Promise<void> {
    const context = { requestId: this.ids.next(), actor: systemActor('omni') };
    const { kid, othersRetireAt, signsFrom } = await runInContext(context, () => this.keys.rotate(rotation));
    process.stdout.write(
      `Key ${kid} signs from ${signsFrom.toISOString()}; the others retire at ${othersRetireAt.toISOString()}.\n`,
    );
  }

  @Option({ flags: '--now', description: 'sign with it at once, though readers of jwks.json do not know it yet' })
  parseNow(): boolean {
    return true;
  }

  @Option({
    flags: '--revoke-old',
    description:
      'a key is in the wrong hands: refuse every access token so far, sign at once; sessions go on by refresh',
  })
  parseRevokeOld(): boolean {
    return true;
  }
}
