import { PassThrough } from 'node:stream';
import { type CoreConfig } from '@platform/config';
import { type Migrator, type Removal } from '@platform/database';
import { Output } from '../output';
import { DropCommand } from './drop.command';

const REMOVAL: Removal = { tables: [{ name: 'boxes', rows: 3 }], migrations: ['CreateBoxes1'], isInCode: true };

describe('omni db drop', () => {
  const done: string[] = [];
  const stream = new PassThrough({ encoding: 'utf8' });
  // The command uses two methods of the one and one property of the other.
  const migrator = {
    holdings: (domain: string) => Promise.resolve(done.push(`look at ${domain}`)).then(() => REMOVAL),
    drop: (domain: string) => Promise.resolve(done.push(`drop ${domain}`)).then(() => REMOVAL),
  } as Partial<Migrator> as Migrator;
  const command = (isProduction = false) =>
    new DropCommand(migrator, new Output(stream), { isProduction } as Partial<CoreConfig> as CoreConfig);
  const said = (): string => String(stream.read() ?? '');

  beforeEach(() => {
    done.length = 0;
    process.exitCode = undefined;
  });
  afterAll(() => {
    process.exitCode = undefined;
  });

  it('shows the tables and drops nothing, with exit code 1, until it is told --yes', async () => {
    await command(true).run(['geo'], {});
    expect([done, process.exitCode]).toEqual([['look at geo'], 1]);
    expect(said()).toMatch(/^boxes +3$[^]*Nothing was dropped: `omni db drop geo --yes`/m);
  });

  it('drops what it was told to, and says what stays', async () => {
    await command().run(['geo'], { yes: true });
    expect([done, process.exitCode]).toEqual([['drop geo'], undefined]);
    expect(said()).toMatch(/boxes +3\n[^]*What stays of geo[^]*`npm run destroy domain geo`/);
  });

  it('drops nothing in production unless it is told --force, too', async () => {
    await expect(command(true).run(['geo'], { yes: true })).rejects.toThrow(
      /Nothing was dropped: this is production.*--force/,
    );
    expect(done).toEqual([]);
    await command(true).run(['geo'], { yes: true, force: true });
    expect(done).toEqual(['drop geo']);
  });
});
