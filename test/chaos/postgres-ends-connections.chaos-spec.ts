import { eventually, pause } from '../support/app-process';
import { describeEachMode, type ModeName, type Stack } from '../support/modes';
import { signUp } from '../support/people';

jest.setTimeout(120_000);

const WRITERS = 24;

/** The API's pool, the worker's and BullMQ's end on PostgreSQL alone; with Redis only the worker is another process. */
const ROUNDS: Partial<Record<ModeName, number>> = { 'single-service': 40, 'scale-out': 10 };

/** Ends every connection to this system's own database but the one that asks. */
const END_ALL = `
  SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) AS ended
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** Writers that never rest, and what they were told. */
class Storm {
  readonly acknowledged: string[] = [];
  readonly statuses = new Set<number | string>();
  private over = false;

  constructor(
    private readonly stack: Stack,
    private readonly token: string,
  ) {}

  async write(): Promise<void> {
    const writer = async (): Promise<void> => {
      while (!this.over) await this.writeOnce();
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  }

  end(): void {
    this.over = true;
  }

  private async writeOnce(): Promise<void> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.token}` };
    const body = JSON.stringify({ name: 'written in a storm' });
    try {
      const answer = await fetch(`${this.stack.base}/api/v1/app/projects`, { method: 'POST', headers, body });
      const made = (await answer.json()) as { id?: string };
      if (answer.status === 201 && made.id) this.acknowledged.push(made.id);
      this.statuses.add(answer.status);
    } catch (error) {
      this.statuses.add(String((error as Error).cause ?? error));
      await pause(50);
    }
  }
}

/** One round: what begins anew meanwhile is ended in its first breath, too. Answers how many ended. */
async function endAll(stack: Stack): Promise<number> {
  let ended = 0;
  for (let turn = 0; turn < 6; turn++) {
    const [row] = await stack.sql<{ ended: string }>(END_ALL);
    ended += Number(row?.ended);
    await pause(5);
  }
  return ended;
}

describeEachMode.private(
  `PostgreSQL ends every connection, again and again, under ${WRITERS} writers`,
  (stack) => {
    it('costs a 503 at most: the processes live, every acknowledged write is there, and the jobs go on', async () => {
      const rounds = ROUNDS[stack().mode] ?? 0;
      const { session } = await signUp(stack());
      const storm = new Storm(stack(), session.access_token);
      const writing = storm.write();
      let ended = 0;
      for (let round = 0; round < rounds && !stack().api.exited; round++) {
        await pause(200);
        ended += await endAll(stack());
      }
      storm.end();
      await writing;

      const died = [stack().api, stack().worker].filter((process) => process?.exited);
      expect(died.map((process) => process?.output)).toEqual([]);
      expect([...storm.statuses].sort()).toEqual([201, 503]);
      expect(ended).toBeGreaterThan(rounds);
      expect(storm.acknowledged.length).toBeGreaterThan(WRITERS);
      const stored = new Set((await stack().sql<{ id: string }>('SELECT id FROM projects')).map(({ id }) => id));
      expect(storm.acknowledged.filter((id) => !stored.has(id))).toEqual([]);

      await eventually('readiness is green', async () => (await fetch(`${stack().base}/health/ready`)).ok);
      const { user } = await signUp(stack());
      const greeted = `SELECT id FROM jobs WHERE name = 'users.send_welcome_mail' AND state = 'done' AND payload::text LIKE ?`;
      const isGreeted = async () => (await stack().sql(greeted, `%${user.id}%`)).length === 1;
      await eventually('the next welcome mail is sent', isGreeted, 20_000);
    });
  },
  { modes: ['single-service', 'scale-out'] },
);
