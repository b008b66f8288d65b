import { type TestingModule } from '@nestjs/testing';
import { hash } from '@node-rs/argon2';
import { AuthModule, LocalAccountsService, SignInsService } from '@omni/auth';
import { UserDirectory, UsersService } from '@omni/users';
import { Database, Migrator, statement } from '@platform/database';
import { type Actor, Clock, runInContext, systemActor } from '@platform/kernel';
import { Authenticator, PasswordHasher } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { OwnSessionsService } from '../src/sessions/own-sessions.service';
import { SessionsService } from '../src/sessions/sessions.service';

const SYSTEM = systemActor('test');
const TOKENS = statement('test.refresh-tokens', 'SELECT token_hash FROM refresh_tokens');
const SESSION = statement('test.session', 'SELECT end_reason FROM sessions WHERE id = :id');
const REVOCATIONS = statement(
  'test.revocations',
  `SELECT resource_id FROM audit_logs WHERE action = 'session.revoked'`,
);
const SET_HASH = statement('test.set-hash', 'UPDATE local_credentials SET password_hash = :hash WHERE user_id = :id');
const GET_HASH = statement('test.get-hash', 'SELECT password_hash FROM local_credentials WHERE user_id = :id');

/** PBKDF2 of `correct horse battery` as the predecessor stored it. */
const PBKDF2_HASH =
  'pbkdf2_sha256$600000$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=$lXIh67BE1SrpYkJS6pgO+dmyZ0MzQxzDznBSfbDCdw4=';

describeEachDatabase('sign-ins', (test) => {
  let core: TestingModule;
  let accounts: LocalAccountsService;
  let signIns: SignInsService;
  let database: Database;
  let offsetMs = 0;

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule]);
    accounts = core.get(LocalAccountsService);
    signIns = core.get(SignInsService);
    database = core.get(Database);
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offsetMs));
  });
  beforeEach(() => {
    offsetMs = 0;
  });

  const status = (work: Promise<unknown>) =>
    work.then(
      () => 200,
      (error: { status?: number }) => error.status,
    );
  const authenticate = (token: string): Promise<Actor | null> =>
    core.get(Authenticator).authenticate({ headers: { authorization: `Bearer ${token}` } });
  const mustBe = async (token: string): Promise<Actor> => {
    const actor = await authenticate(token);
    if (!actor) throw new Error('nobody');
    return actor;
  };

  it('give an actor with the permissions of the role and the expiry of the token', async () => {
    const { accessToken, user } = await aSignIn(accounts);
    const actor = await mustBe(accessToken);
    expect(actor).toMatchObject({ kind: 'user', id: user.id, email: user.email, role: 'user' });
    expect(actor.permissions.has('users.read_own')).toBe(true);
    expect(actor.permissions.has('users.list')).toBe(false);
    expect(Math.abs((actor.expiresAt?.getTime() ?? 0) - Date.now() - 900_000)).toBeLessThan(5_000);
  });

  it('cost no query once the actor is warm', async () => {
    const { accessToken } = await aSignIn(accounts);
    await authenticate(accessToken);
    let statements = 0;
    database.observe(() => (statements += 1));
    for (let request = 0; request < 20; request++) await authenticate(accessToken);
    expect(statements).toBe(0);
  });

  it('begin with the right password only; nobody learns whether the account exists', async () => {
    const { user } = await aSignIn(accounts);
    const failure = (email: string, password: string) =>
      accounts.login({ email, password }).then(
        () => 'in',
        (error: Error) => ({ ...error, message: error.message }),
      );
    const wrong = await failure(user.email, 'another password');
    expect(wrong).toMatchObject({ status: 401, message: 'Invalid e-mail or password' });
    expect(await failure('nobody@example.test', TEST_PASSWORD)).toEqual(wrong);
    expect((await accounts.login({ email: user.email.toUpperCase(), password: TEST_PASSWORD })).user.id).toBe(user.id);
  });

  it('spend as much hashing on an unknown account as on a wrong password', async () => {
    const { user } = await aSignIn(accounts);
    const verify = jest.spyOn(core.get(PasswordHasher), 'verify');
    for (const email of [user.email, 'unknown@example.test']) {
      verify.mockClear();
      await accounts.login({ email, password: 'another password' }).catch(() => undefined);
      expect(verify).toHaveBeenCalledTimes(1);
      expect(verify.mock.calls[0]?.[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    }
    verify.mockRestore();
  });

  it('accept a PBKDF2 hash of the predecessor once, and store argon2id in its place', async () => {
    const { user } = await aSignIn(accounts);
    await database.execute(SET_HASH, { id: user.id, hash: PBKDF2_HASH });
    expect(await status(accounts.login({ email: user.email, password: 'another password' }))).toBe(401);
    expect(await database.query(GET_HASH, { id: user.id })).toEqual([{ password_hash: PBKDF2_HASH }]);
    expect(await status(accounts.login({ email: user.email, password: TEST_PASSWORD }))).toBe(200);
    const [stored] = await database.query<{ password_hash: string }>(GET_HASH, { id: user.id });
    expect(stored?.password_hash).toMatch(/^\$argon2id\$/);
    expect(await status(accounts.login({ email: user.email, password: TEST_PASSWORD }))).toBe(200);
  });

  it('are the same however the password is typed, also with a hash from before it was prepared, which is replaced', async () => {
    const composed = 'Crème brûlée à la carte';
    const decomposed = composed.normalize('NFD');
    const { user } = await accounts.register({ email: 'typed@example.test', password: decomposed });
    const login = (password: string) => status(accounts.login({ email: user.email, password }));
    expect([await login(composed), await login(decomposed)]).toEqual([200, 200]);
    expect(await login('Creme brulee a la carte')).toBe(401);
    const ours = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
    const old = await hash(decomposed, ours);
    await database.execute(SET_HASH, { id: user.id, hash: old });
    expect(await login(composed)).toBe(200);
    expect(await database.query(GET_HASH, { id: user.id })).not.toEqual([{ password_hash: old }]);
    expect([await login(decomposed), await login(composed)]).toEqual([200, 200]);
  });

  it('refuse a taken address, also when two register at once, and leave no half account', async () => {
    const email = 'taken@example.test';
    const register = () => status(accounts.register({ email, password: TEST_PASSWORD }));
    expect((await Promise.all([register(), register()])).sort()).toEqual([200, 409]);
    expect(await register()).toBe(409);
    expect(await status(accounts.login({ email, password: TEST_PASSWORD }))).toBe(200);
  });

  it('keep no refresh token that could be read', async () => {
    const { refreshToken } = await aSignIn(accounts);
    const stored = await database.query<{ token_hash: string }>(TOKENS);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.every(({ token_hash }) => /^[0-9a-f]{64}$/.test(token_hash) && token_hash !== refreshToken)).toBe(
      true,
    );
  });

  it('go on with each exchange of a refresh token', async () => {
    let { refreshToken } = await aSignIn(accounts);
    const seen = new Set([refreshToken]);
    for (let round = 0; round < 3; round++) {
      offsetMs += 900_000;
      const next = await signIns.refresh(refreshToken);
      expect(seen.has(next.refreshToken)).toBe(false);
      seen.add((refreshToken = next.refreshToken));
    }
  });

  it('keep every one of eight clients that refresh at once with one token', async () => {
    const { refreshToken } = await aSignIn(accounts);
    const pairs = await Promise.all(Array.from({ length: 8 }, () => signIns.refresh(refreshToken)));
    expect(new Set(pairs.map((pair) => pair.refreshToken)).size).toBe(8);
    offsetMs = 60_000;
    for (const pair of pairs) {
      expect(await status(signIns.refresh(pair.refreshToken))).toBe(200);
      await expect(mustBe(pair.accessToken)).resolves.toBeDefined();
    }
  });

  it('end as a whole, audited, when a token comes back after its grace window', async () => {
    const { accessToken, refreshToken } = await aSignIn(accounts);
    const { sessionId = '' } = await mustBe(accessToken);
    const newer = await signIns.refresh(refreshToken);
    offsetMs = 31_000;
    // As the pipeline runs it: what ends the sign-in must outlive the rollback of the refused request.
    const request = { requestId: 'r1' };
    const stolen = runInContext(request, () => database.unitOfWork(() => signIns.refresh(refreshToken)));
    expect(await status(stolen)).toBe(401);
    expect(await status(signIns.refresh(newer.refreshToken))).toBe(401);
    expect(await status(authenticate(newer.accessToken))).toBe(401);
    expect(await database.query(SESSION, { id: sessionId })).toEqual([{ end_reason: 'reuse' }]);
    expect(await database.query(REVOCATIONS)).toContainEqual({ resource_id: sessionId });
  });

  it('have one grace window for a token, which runs from its first exchange', async () => {
    const { refreshToken } = await aSignIn(accounts);
    await signIns.refresh(refreshToken);
    offsetMs = 20_000;
    expect(await status(signIns.refresh(refreshToken))).toBe(200);
    offsetMs = 40_000;
    expect(await status(signIns.refresh(refreshToken))).toBe(401);
  });

  it('leave the other devices of the same person alone', async () => {
    const phone = await aSignIn(accounts);
    const laptop = await accounts.login({ email: phone.user.email, password: TEST_PASSWORD });
    await core.get(OwnSessionsService).endCurrent(await mustBe(phone.accessToken));
    expect(await status(signIns.refresh(phone.refreshToken))).toBe(401);
    expect(await status(authenticate(phone.accessToken))).toBe(401);
    expect(await status(authenticate(laptop.accessToken))).toBe(200);
    expect(await status(signIns.refresh(laptop.refreshToken))).toBe(200);
  });

  it('expire with their refresh token, and unknown tokens are refused alike', async () => {
    const { refreshToken } = await aSignIn(accounts);
    offsetMs = 30 * 86_400_000 + 1_000;
    expect(await status(signIns.refresh(refreshToken))).toBe(401);
    expect(await status(signIns.refresh('x'.repeat(43)))).toBe(401);
  });

  it('answer 403 at once when the person is shut out, and want a new sign-in when let in again', async () => {
    const { accessToken, refreshToken, user } = await aSignIn(accounts);
    await authenticate(accessToken);
    await core.get(UsersService).deactivate(SYSTEM, user.id);
    expect(await status(authenticate(accessToken))).toBe(403);
    expect(await status(signIns.refresh(refreshToken))).toBe(403);
    expect(await status(accounts.login({ email: user.email, password: TEST_PASSWORD }))).toBe(403);
    expect(await status(accounts.login({ email: user.email, password: 'another password' }))).toBe(401);
    await core.get(SessionsService).end(user.id, 'deactivated', { before: new Date() });
    await core.get(UsersService).activate(SYSTEM, user.id);
    expect(await status(authenticate(accessToken))).toBe(401);
    expect(await status(signIns.refresh(refreshToken))).toBe(401);
    expect(await status(accounts.login({ email: user.email, password: TEST_PASSWORD }))).toBe(200);
  });

  it('see a new role with the next request', async () => {
    const { accessToken, user } = await aSignIn(accounts);
    expect((await mustBe(accessToken)).permissions.has('users.list')).toBe(false);
    await core.get(UsersService).patch(SYSTEM, user.id, { role: 'admin' });
    expect((await mustBe(accessToken)).permissions.has('users.list')).toBe(true);
  });

  it('leave the tables when they have expired, and only then', async () => {
    const { refreshToken, user } = await aSignIn(accounts);
    expect(await status(signIns.refresh(refreshToken))).toBe(200);
    await core.get(SessionsService).purgeExpired();
    offsetMs = 20 * 86_400_000;
    const { refreshToken: kept } = await accounts.login({ email: user.email, password: TEST_PASSWORD });
    offsetMs = 31 * 86_400_000;
    expect(await core.get(SessionsService).purgeExpired()).toBeGreaterThan(0);
    expect(await database.query(TOKENS)).toHaveLength(1);
    expect(await status(signIns.refresh(kept))).toBe(200);
  });

  it('have the tables that their entities describe', async () => {
    expect(await core.get(Migrator).drift()).toEqual([]);
    expect(await core.get(UserDirectory).byEmail('taken@example.test')).not.toBeNull();
  });
});
