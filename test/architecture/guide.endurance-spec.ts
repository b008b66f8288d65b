import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { eventually, freePort } from '../support/app-process';
import { pageAt } from '../support/pages';
import { RepositoryCopy } from './support/copy';

const GUIDE = 'docs/guides/add-a-module.md';
/** What the guide promises. */
const MINUTES = /in less than (\d+) minutes/;

describe('the guide to a module of your own', () => {
  const copy = new RepositoryCopy();
  const started: ChildProcess[] = [];
  afterAll(() => {
    // npm starts processes of its own: the group ends, not the first of them alone.
    for (const { pid } of started) if (pid !== undefined) process.kill(-pid, 'SIGTERM');
    copy.remove();
  });

  it('leads from nothing to a 201 from the new route, in the time that it says', async () => {
    const { commands, text } = pageAt(GUIDE);
    const promised = Number(MINUTES.exec(text)?.[1]);
    const way = commands.slice(0, commands.findIndex((line) => line.startsWith('curl ')) + 1);
    expect(way.map((line) => line.split(' ')[0])).toEqual([
      'npm',
      'npm',
      'npm',
      expect.stringMatching(/^TOKEN=/),
      'curl',
    ]);
    const port = await freePort();
    const environment = {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      PORT: String(port),
      HOST: '127.0.0.1',
    };
    const shell = (line: string): ChildProcess =>
      spawn('sh', ['-c', line.replaceAll('localhost:3000', `127.0.0.1:${port}`)], {
        cwd: copy.root,
        env: environment,
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const begun = performance.now();
    for (const line of way.slice(0, 2)) {
      const [status] = (await once(shell(line), 'close')) as [number];
      expect([line, status]).toEqual([line, 0]);
    }
    started.push(shell((way[2] ?? '').replace(/ &$/, '')));
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually('the server that the guide starts', isReady, 200_000);
    const last = shell(way.slice(3).join('\n'));
    let answer = '';
    last.stdout?.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await once(last, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect((performance.now() - begun) / 60_000).toBeLessThan(promised);
  }, 300_000);
});
