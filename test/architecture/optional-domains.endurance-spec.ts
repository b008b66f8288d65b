import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppProcess, freePort } from '../support/app-process';
import { shownLines, statusOf } from '../support/shell';
import { RepositoryCopy, type Said } from './support/copy';
import { ROOT } from './support/sources';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

const ONE_MORE = '/** One more thing. */\nexport const ONE_MORE = 1;\n';

/** The map, read by a process of its own: jest does not import such a file. */
function optionalDomains(): string[] {
  const map = pathToFileURL(join(ROOT, 'architecture.mjs')).href;
  const script = `import { DOMAINS, REQUIRED } from '${map}'; console.log(Object.keys(DOMAINS).filter((name) => !REQUIRED.includes(name)).join(' '))`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return stdout
    .trim()
    .split(' ')
    .filter((name) => existsSync(join(ROOT, 'libs', name)));
}

function mustSucceed(said: Said): void {
  if (said.status !== 0) throw new Error(said.output.slice(-6_000));
}

describe.each(optionalDomains())('without %s', (domain) => {
  let copy: RepositoryCopy;
  const gone = new Set<string>();

  /** A domain that others call goes after them: what nobody below depends on can always go. */
  function destroy(name: string): void {
    const said = copy.generator('destroy', 'domain', name);
    const users = new Set([...said.output.matchAll(/^ {4}libs\/([^/]+)\//gm)].map(([, user = '']) => user));
    if (said.status !== 0 && users.size > 0 && !users.has(name)) {
      for (const user of users) if (!gone.has(user)) destroy(user);
      mustSucceed(copy.generator('destroy', 'domain', name));
    } else mustSucceed(said);
    gone.add(name);
  }

  /** Pages may show a domain as an example; `destroy` names them, and whoever destroys it writes them anew. */
  function unlinkPages(): void {
    const pages = ['README.md', 'CONTRIBUTING.md', 'docs/architecture/README.md', 'docs/guides/README.md'];
    for (const page of pages) {
      const link = new RegExp(`\\]\\([^)]*libs/(${[...gone].join('|')})[^)]*\\)`, 'g');
      writeFileSync(join(copy.root, page), copy.read(page).replace(link, '](#)'));
    }
  }

  beforeAll(() => {
    copy = new RepositoryCopy();
    // A domain is its team's: one more file in it is no matter of anybody else's tests.
    writeFileSync(join(copy.root, 'libs', domain, 'src', 'one-more-thing.ts'), ONE_MORE);
    mustSucceed(copy.node(...JEST, '--silent', '--selectProjects', 'unit', '--testPathPatterns', 'tools'));
    destroy(domain);
    unlinkPages();
  }, 240_000);
  afterAll(() => copy.remove());

  it('no file of it is left, and the rest passes `npm run check`: format, lint, types, walls, small tests', () => {
    expect(existsSync(join(copy.root, 'libs', domain))).toBe(false);
    mustSucceed(copy.node('scripts/check.mjs'));
  }, 300_000);

  it('the rest passes its architecture tests', () => {
    const rules = ['domains', 'names', 'style', 'walls', 'reference'].map(
      (rule) => `test/architecture/${rule}.arch-spec.ts`,
    );
    mustSucceed(copy.node('scripts/docs.mjs'));
    mustSucceed(copy.node(...JEST, '--silent', ...rules));
  }, 240_000);

  it('the rest boots: its routes are complete, it becomes ready, and what it shows to try answers 200', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omnistack-without-'));
    const port = await freePort();
    const environment = {
      ENVIRONMENT: 'local',
      DATA_DIR: folder,
      WORKER: 'inline',
      HOST: '127.0.0.1',
      PORT: String(port),
    };
    const api = AppProcess.start('api', environment, folder, [], copy.root);
    try {
      const isReady = () =>
        fetch(`http://127.0.0.1:${port}/health/ready`).then(
          ({ status }) => status === 200,
          () => false,
        );
      await api.until(isReady, 'readiness', 60_000);
      await api.until(() => shownLines(api.output).length === 2, 'lines to try');
      expect(await statusOf(shownLines(api.output))).toBe('200');
    } finally {
      await api.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
