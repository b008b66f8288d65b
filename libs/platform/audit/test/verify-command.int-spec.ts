import { Module } from '@nestjs/common';
import { AuditCliModule } from '@cli/platform/audit';
import { AuditModule, AuditTrail } from '@platform/audit';
import { ConfigModule } from '@platform/config';
import { DatabaseModule } from '@platform/database';
import { type DomainDeclaration, declarationOf } from '@platform/kernel';
import { CommandFactory } from 'nest-commander';
import { describeEachDatabase } from '../../../../test/support/databases';

const AUDIT = declarationOf(AuditModule) as DomainDeclaration;

describeEachDatabase('omni audit verify, typed at a prompt', (test) => {
  const { argv } = process;
  let printed: string;

  beforeAll(() => test.open([AUDIT]));
  beforeEach(() => {
    printed = '';
    // Another file of the same jest worker may have left one.
    process.exitCode = undefined;
    const catching = (text: string | Uint8Array) => {
      printed += String(text);
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(catching);
    jest.spyOn(process.stderr, 'write').mockImplementation(catching);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.argv = argv;
    process.exitCode = undefined;
  });

  async function omni(...words: string[]): Promise<void> {
    @Module({ imports: [DatabaseModule, AuditCliModule] })
    class Cli {}
    @Module({ imports: [ConfigModule.load([Cli], test.environment()), Cli] })
    class Root {}
    process.argv = ['node', 'omni', ...words];
    const app = await CommandFactory.runWithoutClosing(Root, { logger: false });
    // Each run leaves a row behind, so that the chain grows between runs.
    await app.get(AuditTrail, { strict: false }).append({ action: 'bed.dig' });
    await app.close();
  }

  it('accepts the trail and the anchor that it printed before', async () => {
    await omni('audit', 'verify');
    const anchor = /Anchor of the next run: (\S+)/.exec(printed)?.[1] ?? '';
    await omni('audit', 'verify', '--anchor', anchor);

    expect(printed).toContain('The audit trail holds: 0 rows');
    expect(printed).toContain('The audit trail holds: 1 rows');
    expect(process.exitCode).toBeUndefined();
  });

  it('leaves exit code 1 for an anchor that the trail does not pass through', async () => {
    await omni('audit', 'verify', '--anchor', `1:${'a'.repeat(64)}`);

    expect(printed).toContain('its hash is not the one of the anchor');
    expect(process.exitCode).toBe(1);
  });
});
