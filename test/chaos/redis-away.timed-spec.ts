import { AppProcess, eventually, pause } from '../support/app-process';
import { describeWithPostgres, redisUrl } from '../support/services';
import { startStack } from '../support/stack';
import { type Stack } from '../support/modes';
import { TcpGate } from '../support/tcp-gate';

jest.setTimeout(180_000);

/** Argon2 runs four at a time: more at once would measure the queue before it, not the missing Redis. */
const AT_ONCE = 4;
const WRITES = 100;

describeWithPostgres('A hundred writes while Redis is away', () => {
  (redisUrl() ? describe : describe.skip)('[needs Redis: TEST_REDIS_URL]', () => {
    let gate: TcpGate;
    let stack: Stack;

    beforeAll(async () => {
      gate = await TcpGate.before(redisUrl() ?? '');
      stack = await startStack('scale-out', { REDIS_URL: gate.url, WORKER_PORT: '0' });
    });
    afterAll(async () => {
      gate.set('pass');
      await stack.stop();
      await gate.close();
    });

    async function register(number: number): Promise<number> {
      const started = performance.now();
      const answer = await fetch(`${stack.base}/api/v1/public/auth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: `away-${number}@example.com`, password: 'correct horse battery' }),
      });
      expect([answer.status, await answer.text()]).toEqual([201, expect.any(String)]);
      return performance.now() - started;
    }

    async function mails(): Promise<number> {
      const rows = await stack.sql<{ state: string }>(
        "SELECT state FROM jobs WHERE name = 'users.send_welcome_mail' AND state = 'done'",
      );
      return rows.length;
    }

    it('answers each within a second, and has each effect within 30 s of its return', async () => {
      gate.set('refuse');
      await pause(500);
      const times: number[] = [];
      let next = 0;
      const writer = async (): Promise<void> => {
        while (next < WRITES) times.push(await register(next++));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, writer));
      expect(Math.max(...times)).toBeLessThan(1_000);
      expect(await mails()).toBe(0);
      expect(stack.worker).toBeInstanceOf(AppProcess);
      expect(stack.worker?.exited).toBe(false);

      gate.set('pass');
      await eventually('every welcome mail is sent', async () => (await mails()) === WRITES, 30_000);
    });
  });
});
