import { type INestApplicationContext, Module } from '@nestjs/common';
import { Command, CommandFactory, CommandRunner, CommandRunnerService, Option, SubCommand } from 'nest-commander';
import { StrictWords } from './strict-words';

const ran: string[][] = [];

@SubCommand({ name: 'plant', arguments: '[what]', description: 'Plant' })
class PlantCommand extends CommandRunner {
  async run(words: string[], options: { kind?: string }): Promise<void> {
    ran.push(['plant', ...words, ...Object.values(options)]);
  }

  @Option({ flags: '--kind <kind>', description: 'tree or herb', choices: ['tree', 'herb'] })
  kind(text: string): string {
    return text;
  }
}

@Command({ name: 'garden', description: 'The garden', subCommands: [PlantCommand] })
class GardenCommand extends CommandRunner {
  async run(words: string[]): Promise<void> {
    ran.push(['garden', ...words]);
  }
}

@Module({ providers: [GardenCommand, PlantCommand, StrictWords] })
class GardenCliModule {}

class Exit extends Error {}

describe('words that no command knows', () => {
  let app: INestApplicationContext;
  let said: string;

  beforeAll(async () => {
    app = await CommandFactory.createWithoutRunning(GardenCliModule, {
      enablePositionalOptions: true,
      serviceErrorHandler: (error: Error) => {
        if (!(error instanceof Exit)) said += error.message;
      },
    });
  });
  beforeEach(() => {
    ran.length = 0;
    said = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => (said += String(text)) !== '');
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => (said += String(text)) !== '');
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(`exit ${code}`);
    });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const omni = (...words: string[]) => app.get(CommandRunnerService).run(['node', 'omni', ...words]);

  it.each([
    [['garden', 'foo'], "error: `omni garden` has no command 'foo': take one of plant"],
    [['garden', 'plant', 'oak', 'foo'], 'error: too many arguments'],
    [['garden', 'plant', '--kind', 'foo'], '--kind foo is none of tree, herb'],
    [['garden', 'plant', '--foo'], "error: unknown option '--foo'"],
    [['foo'], "error: unknown command 'foo'"],
  ])('are refused, and nothing runs: %p', async (words, line) => {
    await omni(...words);

    expect(said).toContain(line);
    expect(ran).toEqual([]);
    if (line.startsWith('error')) expect(process.exit).toHaveBeenCalledWith(1);
  });

  it('are the only ones', async () => {
    await omni('garden');
    await omni('garden', 'plant', 'oak', '--kind', 'tree');

    expect(ran).toEqual([['garden'], ['plant', 'oak', 'tree']]);
    await omni('garden', 'help');
    expect(said).toContain('Usage: ');
  });
});
