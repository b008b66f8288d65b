import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService } from '@omni/auth';
import { Database, statement } from '@platform/database';
import { Clock, runInContext } from '@platform/kernel';
import { PasswordHasher } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { LoginThrottle } from '../src/login-throttle/login-throttle';

const FAILURES = statement('test.failures', 'SELECT failures FROM login_throttles');

interface Refusal {
  status: number;
  code: string;
  message: string;
  details: unknown;
  headers: Record<string, string>;
}

describeEachDatabase('guessing a password', (test) => {
  let core: TestingModule;
  let accounts: LocalAccountsService;
  let database: Database;
  let offsetMs = 0;

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule]);
    accounts = core.get(LocalAccountsService);
    database = core.get(Database);
    const start = Date.now();
    // Stands still between the steps of a test: a wait of thirty seconds is thirty seconds.
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(start + offsetMs));
  });
  beforeEach(() => {
    // A new day each, so that nobody inherits a block.
    offsetMs += 100_000_000;
  });

  /** As the pipeline runs it: what a refused request counted must outlive its rollback. */
  const login = (email: string, password = 'another password'): Promise<'in' | Refusal> =>
    runInContext({ requestId: 'r' }, () => database.unitOfWork(() => accounts.login({ email, password }))).then(
      () => 'in' as const,
      ({ code, details, headers, message, status }: Refusal) => ({ status, code, message, details, headers }),
    );
  const statusOf = async (email: string, password?: string) => {
    const outcome = await login(email, password);
    return outcome === 'in' ? 200 : outcome.status;
  };
  const times = async (count: number, work: () => Promise<unknown>) => {
    for (let n = 0; n < count; n++) await work();
  };

  it('has to wait from the fifth failure on, twice as long each time up to a quarter of an hour', async () => {
    const { user } = await aSignIn(accounts);
    await times(5, async () => expect(await statusOf(user.email)).toBe(401));
    for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
      const blocked = await login(user.email);
      expect(blocked).toMatchObject({ status: 429, headers: { 'Retry-After': String(seconds) } });
      offsetMs += seconds * 1_000 - 1;
      expect(await statusOf(user.email)).toBe(429);
      offsetMs += 1;
      expect(await statusOf(user.email)).toBe(401);
    }
  });

  it('is refused alike for an address that nobody has, and with the right password', async () => {
    const { user } = await aSignIn(accounts);
    const nobody = 'nobody-at-all@example.test';
    const story = async (email: string) => {
      const answers = [];
      for (let n = 0; n < 7; n++) answers.push(await login(email));
      return JSON.stringify(answers);
    };
    expect(await story(user.email)).toBe(await story(nobody));
    const right = await login(user.email, TEST_PASSWORD);
    expect(JSON.stringify(right)).toBe(JSON.stringify(await login(nobody, TEST_PASSWORD)));
    expect(right).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
  });

  it.each(['known', 'unknown'])('fifty times at once hashes five times and counts five: %s address', async (kind) => {
    const email = kind === 'known' ? (await aSignIn(accounts)).user.email : 'unknown-target@example.test';
    const verify = jest.spyOn(core.get(PasswordHasher), 'verify');
    verify.mockClear();
    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(email)));
    expect(verify).toHaveBeenCalledTimes(5);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(45);
    verify.mockRestore();
  });

  it('is forgiven by a success before the fifth failure, in any case of letters', async () => {
    const { user } = await aSignIn(accounts);
    for (let round = 0; round < 3; round++) {
      await times(4, () => statusOf(user.email));
      expect(await statusOf(user.email.toUpperCase(), TEST_PASSWORD)).toBe(200);
    }
    await times(4, () => statusOf(user.email));
    expect(await statusOf(` ${user.email.toUpperCase()} `)).toBe(401);
    expect(await statusOf(user.email)).toBe(429);
  });

  it('is forgotten after a day without', async () => {
    const { user } = await aSignIn(accounts);
    await times(5, () => statusOf(user.email));
    const throttle = core.get(LoginThrottle);
    offsetMs += 86_000_000;
    await throttle.purge(500);
    expect((await database.query(FAILURES)).length).toBeGreaterThan(0);
    offsetMs += 401_000;
    await throttle.purge(500);
    expect(await database.query(FAILURES)).toEqual([]);
  });
});
