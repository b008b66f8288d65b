import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService } from '@omni/auth';
import { Database, statement } from '@platform/database';
import { Clock, runInContext } from '@platform/kernel';
import { PasswordHasher } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { LocalCredentials } from '../src/passwords/local-credentials';
import { LoginThrottle, passwordGuess } from '../src/login-throttle/login-throttle';

const FAILURES = statement('test.failures', 'SELECT failures FROM login_throttles ORDER BY id');
const HOME = '192.0.2.7';
const DAY_MS = 86_400_000;

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

  interface From {
    address?: string;
    devices?: string[];
  }

  /** As the pipeline runs it: what a refused request counted must outlive its rollback. */
  const login = (email: string, password = 'another password', from: From = {}): Promise<'in' | Refusal> =>
    runInContext({ requestId: 'r', clientAddress: from.address ?? HOME }, () =>
      database.unitOfWork(() => accounts.login({ email, password }, from.devices)),
    ).then(
      () => 'in' as const,
      ({ code, details, headers, message, status }: Refusal) => ({ status, code, message, details, headers }),
    );
  const statusOf = async (email: string, password?: string, from?: From) => {
    const outcome = await login(email, password, from);
    return outcome === 'in' ? 200 : outcome.status;
  };
  /** An address of the n-th network of somebody who has many. */
  const elsewhere = (network: number) => `198.51.${network}.1`;
  /** Every password is wrong, and costs nothing to check; returns how many were checked. */
  const withoutHashing = async (work: () => Promise<unknown>): Promise<number> => {
    const verify = jest.spyOn(core.get(PasswordHasher), 'verify').mockResolvedValue({ ok: false, needsRehash: false });
    await work();
    const { length } = verify.mock.calls;
    verify.mockRestore();
    return length;
  };
  /** Guesses of a botnet, five from each of its networks. */
  const attack = (email: string, networks: number) =>
    withoutHashing(async () => {
      for (let network = 0; network < networks; network++) {
        await times(5, () => statusOf(email, undefined, { address: elsewhere(network) }));
      }
    });
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

  it('from other networks keeps nobody out who knows the password, and the right one from anywhere counts for nothing', async () => {
    const { user } = await aSignIn(accounts);
    await attack(user.email, 9);
    expect(await statusOf(user.email, undefined, { address: elsewhere(0) })).toBe(429);
    // As often as they like: what is given back is one attempt each, and no stranger's.
    await times(6, async () => expect(await statusOf(user.email, TEST_PASSWORD)).toBe(200));
    expect(await attack(user.email, 20)).toBe(5);
    // What is refused for the account's sake does not count for the network.
    const counted = await database.query(FAILURES);
    await times(6, async () => expect(await statusOf(user.email, TEST_PASSWORD)).toBe(429));
    expect(await database.query(FAILURES)).toEqual(counted);
    offsetMs += 30_000;
    expect(await statusOf(user.email, TEST_PASSWORD)).toBe(200);
  });

  it('from one network is one count: 192.0.2.0/24, or a /64', async () => {
    const { user } = await aSignIn(accounts);
    await times(5, () => statusOf(user.email, undefined, { address: '192.0.2.200' }));
    expect(await statusOf(user.email, TEST_PASSWORD, { address: HOME })).toBe(429);
    expect(await statusOf(user.email, TEST_PASSWORD, { address: '192.0.3.7' })).toBe(200);
    await times(5, () => statusOf(user.email, undefined, { address: '2001:db8::1' }));
    expect(await statusOf(user.email, TEST_PASSWORD, { address: '2001:db8::ffff:1' })).toBe(429);
    expect(await statusOf(user.email, TEST_PASSWORD, { address: '2001:db8:0:1::1' })).toBe(200);
  });

  it('from twenty networks at once hashes fifty times: known and unknown address', async () => {
    const { user } = await aSignIn(accounts);
    for (const email of [user.email, 'unknown-to-many@example.test']) {
      const statuses: number[] = [];
      const hashed = await withoutHashing(async () => {
        const guesses = Array.from({ length: 120 }, (_, guess) =>
          statusOf(email, undefined, { address: elsewhere(guess % 20) }),
        );
        statuses.push(...(await Promise.all(guesses)));
      });
      expect(hashed).toBe(50);
      expect(statuses.filter((status) => status === 429)).toHaveLength(70);
    }
  });

  it('beside right passwords and a reset at once ends in refusals and nothing worse', async () => {
    const { user } = await aSignIn(accounts);
    const reset = () => database.transaction(() => core.get(LoginThrottle).forget(passwordGuess(user.email)));
    const statuses = await Promise.all(
      Array.from({ length: 30 }, (_, turn) => {
        const from = { address: elsewhere(turn % 4) };
        if (turn % 6 === 5) return reset().then(() => 204);
        return statusOf(user.email, turn % 6 === 4 ? TEST_PASSWORD : undefined, from);
      }),
    );
    expect(statuses.filter((status) => ![200, 204, 401, 429].includes(status))).toEqual([]);
  });

  describe('by somebody with many networks', () => {
    /** How many guesses at one account somebody gets in a day who takes turns with the networks and never rests. */
    const guessesInADay = async (networks: number): Promise<number> => {
      const throttle = core.get(LoginThrottle);
      const guess = passwordGuess(`target-of-${networks}@example.test`);
      const end = offsetMs + DAY_MS;
      let made = 0;
      while (offsetMs < end) {
        const clientAddress = elsewhere(made % networks);
        const wait = await runInContext({ requestId: 'r', clientAddress }, () => throttle.reserve(guess)).then(
          () => 0,
          ({ details }: { details: { retry_after: number } }) => details.retry_after,
        );
        if (wait === 0) made += 1;
        offsetMs += wait * 1_000;
      }
      return made;
    };

    it.each([
      [1, 104],
      [10, 149],
    ])('gets from %d of them %d guesses a day, as decision 0048 says', async (networks, guesses) => {
      expect(await guessesInADay(networks)).toBe(guesses);
    });
  });

  describe('on a device that signed in before', () => {
    /** Somebody with a device, attacked from so many networks that no stranger may guess any more. */
    const besieged = async () => {
      const { deviceToken = '', user } = await aSignIn(accounts);
      expect(await attack(user.email, 12)).toBe(50);
      return { email: user.email, user, deviceToken };
    };

    it('has a bucket of its own: the right password passes, whatever strangers do, and from any network', async () => {
      const { deviceToken, email } = await besieged();
      expect(await statusOf(email, TEST_PASSWORD)).toBe(429);
      for (const address of [HOME, elsewhere(0)]) {
        expect(await statusOf(email, TEST_PASSWORD, { address, devices: [deviceToken] })).toBe(200);
      }
      expect(await statusOf(email, TEST_PASSWORD, { devices: ['garbage', deviceToken] })).toBe(200);
      // Nor does it open the door for them.
      expect(await statusOf(email, TEST_PASSWORD)).toBe(429);
    });

    it('has no more guesses than a stranger, and keeps nobody else out', async () => {
      const { deviceToken = '', user } = await aSignIn(accounts);
      const guess = (password?: string) => statusOf(user.email, password, { devices: [deviceToken] });
      const statuses = await Promise.all(Array.from({ length: 50 }, () => guess()));
      expect(statuses.filter((status) => status === 401)).toHaveLength(5);
      expect(await guess(TEST_PASSWORD)).toBe(429);
      expect(await statusOf(user.email, TEST_PASSWORD)).toBe(200);
      offsetMs += 30_000;
      expect(await guess(TEST_PASSWORD)).toBe(200);
      await times(4, async () => expect(await guess()).toBe(401));
      expect(await guess(TEST_PASSWORD)).toBe(200);
    });

    it('is known by each of its tokens', async () => {
      const { deviceToken, email } = await besieged();
      const again = await accounts.login({ email, password: TEST_PASSWORD }, [deviceToken]);
      expect(again.deviceToken).not.toBe(deviceToken);
      expect(await statusOf(email, TEST_PASSWORD, { devices: [again.deviceToken ?? ''] })).toBe(200);
      expect(await statusOf(email, TEST_PASSWORD, { devices: [deviceToken] })).toBe(200);
    });

    it('is a stranger at another account, with a token that was changed, and to whoever makes one', async () => {
      const { deviceToken, email } = await besieged();
      const stranger = await aSignIn(accounts);
      const changed = `${deviceToken.slice(0, -2)}${deviceToken.endsWith('AA') ? 'BB' : 'AA'}`;
      const made = Buffer.from(JSON.stringify(['device', 'version'])).toString('base64url');
      for (const token of [stranger.deviceToken ?? '', changed, made, '', email]) {
        expect(await statusOf(email, TEST_PASSWORD, { devices: [token] })).toBe(429);
      }
    });

    it('is a stranger once the password is another one', async () => {
      const { deviceToken, email, user } = await besieged();
      const credentials = core.get(LocalCredentials);
      const proven = await credentials.prove({ id: user.id, email, device: 'device:of-the-test' }, TEST_PASSWORD);
      if (!proven) throw new Error('not the password');
      await credentials.replace(proven, await credentials.hash('another good password'));
      expect(await statusOf(email, 'another good password', { devices: [deviceToken] })).toBe(429);
      // A reset lifts all blocks, and the device is known no more all the same.
      await credentials.set(user, await credentials.hash(TEST_PASSWORD));
      expect(await statusOf(email, TEST_PASSWORD)).toBe(200);
      expect(await attack(email, 12)).toBe(50);
      expect(await statusOf(email, TEST_PASSWORD, { devices: [deviceToken] })).toBe(429);
      offsetMs += 30_000;
      const { deviceToken: fresh = '' } = await accounts.login({ email, password: TEST_PASSWORD });
      expect(await attack(email, 12)).toBeGreaterThan(0);
      // What it has kept from before does not stand in the way of what is good now.
      expect(await statusOf(email, TEST_PASSWORD, { devices: [deviceToken, fresh] })).toBe(200);
    });

    it('shows nothing of the account, and of its token nothing is stored', async () => {
      const { deviceToken = '', user } = await aSignIn(accounts);
      const text = Buffer.from(deviceToken, 'base64url').toString('latin1');
      expect(text).not.toContain(user.email);
      expect(text).not.toContain(user.id);
    });
  });

  it('is counted anew a day after the first guess, however many came since', async () => {
    const { user } = await aSignIn(accounts);
    const count = async () => times(4, () => statusOf(user.email));
    await count();
    offsetMs += DAY_MS - 1;
    expect([await statusOf(user.email), await statusOf(user.email)]).toEqual([401, 429]);
    offsetMs += 30_000;
    await count();
    expect([await statusOf(user.email), await statusOf(user.email)]).toEqual([401, 429]);
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
