import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import ts from 'typescript';

const FILES = {
  'things/part.dto.ts': `
export class PartDto {
  word: string;
}`,
  'thing.dto.ts': `
import { PartDto } from './things/part.dto';
declare const Min: (bound: number) => PropertyDecorator;
export class ThingDto {
  /** First of all. */
  first?: PartDto | null;
  all: PartDto[];
  @Min(-2_147_483_648)
  amount: number;
  'of-words': string;
}`,
  'thing.controller.ts': `
import { ThingDto } from './thing.dto';
declare const Get: () => MethodDecorator;
export class ThingController {
  /** Read. */
  @Get()
  async read(): Promise<ThingDto> { throw new Error(); }
}`,
};

const NEST_CLI = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as {
  compilerOptions: { plugins: { name: string; options: Record<string, unknown> }[] };
};

/** What the compiler makes of {@link FILES} in a folder of this name, with the plugin as nest-cli.json sets it. */
async function compiledBelow(name: string, changed: Record<string, unknown> = {}): Promise<Record<string, string>> {
  const { before } = await import('./openapi-plugin.mjs');
  const options = { ...NEST_CLI.compilerOptions.plugins[0]?.options, ...changed };
  const temporary = mkdtempSync(join(tmpdir(), 'omnistack-plugin-'));
  const rootDir = join(temporary, name);
  const outDir = join(rootDir, 'dist');
  try {
    const roots = Object.entries(FILES).map(([file, text]) => {
      mkdirSync(join(rootDir, file, '..'), { recursive: true });
      writeFileSync(join(rootDir, file), text);
      return join(rootDir, file);
    });
    const program = ts.createProgram(roots, {
      rootDir,
      outDir,
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2024,
      lib: ['lib.es5.d.ts'],
      types: [],
      experimentalDecorators: true,
    });
    const output: Record<string, string> = {};
    const keep: ts.WriteFileCallback = (file, text) => (output[relative(outDir, file)] = text);
    program.emit(undefined, keep, undefined, undefined, { before: [before(options, program)] });
    return output;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

describe('the OpenAPI plugin', () => {
  it('is the one that the build takes', () => {
    expect(NEST_CLI.compilerOptions.plugins.map(({ name }) => name)).toEqual(['../scripts/openapi-plugin.mjs']);
  });

  it('writes the same wherever the checkout lies', async () => {
    const plain = await compiledBelow('plain');
    expect(plain['thing.dto.js']).toContain(
      'first: { required: false, type: () => require("./things/part.dto").PartDto, nullable: true, description: ' +
        '"First of all." }, all: { required: true, type: () => [require("./things/part.dto").PartDto] }',
    );
    expect(plain['thing.controller.js']).toContain('type: require("./thing.dto").ThingDto');
    // The second can be decoded as a part of an address, the first cannot.
    for (const name of [`Büro a b c#1 it's (1) [2] "3" 🚀 100%`, 'Büro 100%25 %C3%A4']) {
      expect(await compiledBelow(name)).toEqual(plain);
    }
  });

  it('fails the build where a property would be left out, and names it', async () => {
    const said = jest.spyOn(console, 'error').mockImplementation();
    // A number with a sign and a separator is what the plugin cannot copy.
    await compiledBelow('plain', { classValidatorShim: true });
    const [exitCode, message] = [process.exitCode, String(said.mock.calls[0]?.[0])];
    process.exitCode = undefined;
    said.mockRestore();
    expect(exitCode).toBe(1);
    expect(message).toContain('thing.dto.ts');
    expect(message).toContain('amount would be missing from the OpenAPI document');
    expect(message).not.toContain('first would be missing');
  });
});
