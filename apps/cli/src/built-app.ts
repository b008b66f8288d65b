import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';

const run = promisify(execFile);
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Asks a sibling process, as built, what it serves: only its own module graph knows. */
@Injectable()
export class BuiltApp {
  /**
   * What `<app> --describe` prints, parsed.
   * @throws Error when the process is not built, does not start, or prints something else.
   */
  async describe(app: 'api' | 'worker'): Promise<unknown> {
    const entry = resolve(__dirname, `../../${app}/src/main.js`);
    if (!existsSync(entry)) throw new Error(`${entry} does not exist: run \`npm run build\` first`);
    const stdout = await printedBy(entry);
    try {
      return JSON.parse(stdout) as unknown;
    } catch (error) {
      const start = stdout.slice(0, 200);
      throw new Error(`${app} --describe printed something that is not JSON: ${start}`, { cause: error });
    }
  }
}

/** In a folder and an environment of its own: what the code says must not depend on whose machine asks. */
async function printedBy(entry: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-describe-'));
  const env = { ENVIRONMENT: 'local', DATA_DIR: folder, LOG_LEVEL: 'ERROR' };
  try {
    const { stdout } = await run(process.execPath, [entry, '--describe'], { cwd: folder, env, maxBuffer: MAX_OUTPUT });
    return stdout;
  } catch (error) {
    // A child that fails carries what it said.
    const said = (error as { stderr?: string }).stderr?.trim() || String(error);
    throw new Error(`${entry} --describe did not finish; it said:\n${said}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
