import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';

const run = promisify(execFile);

/** Asks a sibling process, as built, what it serves: only its own module graph knows. */
@Injectable()
export class BuiltApp {
  /**
   * What `<app> --census` prints, parsed.
   * @throws Error when the process is not built, does not start, or prints something else.
   */
  async census(app: 'api' | 'worker'): Promise<unknown> {
    const entry = resolve(__dirname, `../../${app}/src/main.js`);
    if (!existsSync(entry)) throw new Error(`${entry} does not exist: run \`npm run build\` first`);
    const { stdout } = await run(process.execPath, [entry, '--census'], { maxBuffer: 64 * 1024 * 1024 }).catch(
      (error: Error & { stderr?: string }) => {
        const said = error.stderr?.trim() || error.message;
        throw new Error(`${app} --census did not finish; it said:\n${said}`, { cause: error });
      },
    );
    try {
      return JSON.parse(stdout) as unknown;
    } catch (error) {
      const start = stdout.slice(0, 200);
      throw new Error(`${app} --census printed something that is not JSON: ${start}`, { cause: error });
    }
  }
}
