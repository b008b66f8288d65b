import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService, type SignIn, SignInsService } from '@omni/auth';
import { Database, statement } from '@platform/database';
import { type Actor, Clock, runInContext } from '@platform/kernel';
import { Authenticator } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { generateSync } from 'otplib';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { type SignInNeedsCode } from '../src/auth.errors';
import { MagicLinksService } from '../src/sign-in/magic-links.service';
import { PasswordResetsService } from '../src/passwords/password-resets.service';
import { OneTimeTokenRepository } from '../src/links/one-time-token.repository';
import { SecondFactorSignInsService } from '../src/sign-in/second-factor-sign-ins.service';
import { SecondFactorsService } from '../src/second-factor/second-factors.service';
import { StepUpsService } from '../src/sign-in/step-ups.service';

const FACTORS = statement('test.factors', 'SELECT sealed_secret FROM second_factors WHERE user_id = :id');
/** As a Japanese keyboard writes it. */
const wide = (text: string) => text.replace(/[!-~]/g, (ascii) => String.fromCharCode(ascii.charCodeAt(0) + 0xfee0));
const CODES = statement('test.codes', 'SELECT code_hash FROM recovery_codes WHERE user_id = :id');
const SET_ROLE = statement('test.set-role', 'UPDATE users SET role = :role WHERE id = :id');

/** Somebody whose account takes a code. */
interface Protected extends SignIn {
  actor: Actor;
  secret: string;
  recoveryCodes: string[];
}

describeEachDatabase('a second factor', (test) => {
  let core: TestingModule;
  let accounts: LocalAccountsService;
  let database: Database;
  let offsetMs = 0;

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule], { ADMIN_REQUIRE_MFA: 'true' });
    accounts = core.get(LocalAccountsService);
    database = core.get(Database);
    const start = Date.now();
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(start + offsetMs));
  });
  beforeEach(() => {
    offsetMs += 3_600_000;
  });

  /** As the pipeline runs a request: a refusal rolls back. */
  const request = <T>(work: () => Promise<T>): Promise<T> =>
    runInContext({ requestId: 'r' }, () => database.unitOfWork(work));
  const status = (work: () => Promise<unknown>) =>
    request(work).then(
      () => 200,
      (error: { status?: number }) => error.status,
    );
  const actorOf = async (accessToken: string): Promise<Actor> => {
    const headers = { authorization: `Bearer ${accessToken}` };
    const actor = await core.get(Authenticator).authenticate({ headers });
    if (!actor) throw new Error('nobody');
    return actor;
  };
  const codeOf = (secret: string, stepsAhead = 0) =>
    generateSync({ secret, epoch: Math.floor(core.get(Clock).now().getTime() / 1_000) + stepsAhead * 30 });
  const wrongCode = (secret: string) => {
    const good = new Set([-1, 0, 1].map((step) => codeOf(secret, step)));
    return ['000000', '111111', '222222', '333333'].find((code) => !good.has(code)) ?? '';
  };
  const protectedAccount = async (): Promise<Protected> => {
    const signIn = await aSignIn(accounts);
    const actor = await actorOf(signIn.accessToken);
    const { secret } = await request(() => core.get(SecondFactorsService).begin(actor));
    const confirm = () => core.get(SecondFactorsService).confirm(actor, codeOf(secret));
    const recoveryCodes = await request(confirm);
    // The code of this step is used up.
    offsetMs += 60_000;
    return { ...signIn, actor: await actorOf(signIn.accessToken), secret, recoveryCodes };
  };
  const challengeOf = async (work: () => Promise<unknown>): Promise<string> => {
    const refusal: SignInNeedsCode = await request(work).then(
      () => Promise.reject(new Error('let in with one factor')),
      (error: SignInNeedsCode) => error,
    );
    expect(refusal).toMatchObject({ status: 401, code: 'SECOND_FACTOR_REQUIRED', details: { expires_in: 300 } });
    return String(refusal.details.challenge);
  };
  const firstStep = (email: string) => challengeOf(() => accounts.login({ email, password: TEST_PASSWORD }));
  const secondStep = (challenge: string, code: string) =>
    status(() => core.get(SecondFactorSignInsService).complete(challenge, code));

  it('is in force after its first code, and kept so that nobody reads it', async () => {
    const { accessToken, user } = await aSignIn(accounts);
    const actor = await actorOf(accessToken);
    const factors = core.get(SecondFactorsService);
    const enrolment = core.get(SecondFactorsService);
    const { secret, uri } = await request(() => enrolment.begin(actor));
    expect(uri).toContain(secret);
    expect(await status(() => accounts.login({ email: user.email, password: TEST_PASSWORD }))).toBe(200);
    expect(await status(() => enrolment.confirm(actor, wrongCode(secret)))).toBe(422);
    const codes = await request(() => enrolment.confirm(actor, codeOf(secret)));
    expect(new Set(codes).size).toBe(10);
    expect(codes.every((code) => /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/.test(code))).toBe(true);
    expect(await factors.status(actor)).toMatchObject({ recoveryCodesLeft: 10 });
    const stored = JSON.stringify([
      await database.query(FACTORS, { id: user.id }),
      await database.query(CODES, { id: user.id }),
    ]);
    for (const text of [secret, ...codes, ...codes.map((code) => code.replaceAll('-', ''))]) {
      expect(stored).not.toContain(text);
    }
    expect(await status(() => enrolment.begin(actor))).toBe(409);
  });

  it('is asked for after the password and whatever else leads in, and its sign-in says so', async () => {
    const { secret, user } = await protectedAccount();
    const challenge = await firstStep(user.email);
    const complete = () => core.get(SecondFactorSignInsService).complete(challenge, codeOf(secret));
    expect(await actorOf((await request(complete)).accessToken)).toMatchObject({ id: user.id, secondFactor: true });
    await challengeOf(() => database.transaction(() => core.get(SignInsService).enter(user, 'oidc:test')));
  });

  it('that a stranger set up before the owner of the address came goes with the first proof of it', async () => {
    const { user } = await protectedAccount();
    const tokens = core.get(OneTimeTokenRepository);
    const first = await tokens.issue(user, 'reset_password');
    expect(await status(() => core.get(PasswordResetsService).reset(first, TEST_PASSWORD))).toBe(200);
    expect(await status(() => accounts.login({ email: user.email, password: TEST_PASSWORD }))).toBe(200);
  });

  it('of a proved account outlives a reset, and a magic link is used up by the challenge', async () => {
    const { actor, user } = await protectedAccount();
    await database.execute(statement('test.verify', 'UPDATE users SET email_verified_at = :now WHERE id = :id'), {
      id: user.id,
      now: new Date(),
    });
    const tokens = core.get(OneTimeTokenRepository);
    const reset = await tokens.issue(user, 'reset_password');
    await request(() => core.get(PasswordResetsService).reset(reset, TEST_PASSWORD));
    expect((await core.get(SecondFactorsService).status(actor)).confirmedAt).not.toBeNull();
    const link = await tokens.issue(user, 'magic_link');
    await challengeOf(() => core.get(MagicLinksService).exchange(link));
    expect(await status(() => core.get(MagicLinksService).exchange(link))).toBe(401);
    expect(await tokens.find(link, 'magic_link')).toBeNull();
  });

  it('accepts a code once, also when it is shown three times at once', async () => {
    const { secret, user } = await protectedAccount();
    const challenges = await Promise.all(Array.from({ length: 3 }, () => firstStep(user.email)));
    const code = codeOf(secret);
    const outcomes = await Promise.all(challenges.map((challenge) => secondStep(challenge, code)));
    expect(outcomes.toSorted()).toEqual([200, 401, 401]);
    expect(await secondStep(await firstStep(user.email), code)).toBe(401);
    offsetMs += 30_000;
    expect(await secondStep(await firstStep(user.email), codeOf(secret, -1))).toBe(401);
    expect(await secondStep(await firstStep(user.email), wide(codeOf(secret)))).toBe(200);
  });

  it('lets in by a recovery code, once, however it is typed', async () => {
    const { actor, recoveryCodes, user } = await protectedAccount();
    const [first = '', second = ''] = recoveryCodes;
    expect(await secondStep(await firstStep(user.email), first)).toBe(200);
    expect(await secondStep(await firstStep(user.email), first)).toBe(401);
    const typed = ` ${wide(second.toUpperCase().replaceAll('-', ' '))} `;
    const challenges = await Promise.all([1, 2, 3].map(() => firstStep(user.email)));
    const outcomes = await Promise.all(challenges.map((challenge) => secondStep(challenge, typed)));
    expect(outcomes.toSorted()).toEqual([200, 401, 401]);
    expect((await core.get(SecondFactorsService).status(actor)).recoveryCodesLeft).toBe(8);
  });

  it('of one person is none of another', async () => {
    const ann = await protectedAccount();
    const bob = await protectedAccount();
    expect(await secondStep(await firstStep(ann.user.email), bob.recoveryCodes[0] ?? '')).toBe(401);
    expect(await secondStep(await firstStep(ann.user.email), codeOf(bob.secret))).toBe(401);
  });

  it('cannot be guessed: fifty at once are five, and the right one has to wait, too', async () => {
    const { secret, user } = await protectedAccount();
    const challenges: string[] = [];
    for (let n = 0; n < 10; n++) challenges.push(await firstStep(user.email));
    const wrong = wrongCode(secret);
    const guesses = challenges.flatMap((challenge) => Array.from({ length: 5 }, () => secondStep(challenge, wrong)));
    const outcomes = await Promise.all(guesses);
    expect(outcomes.filter((outcome) => outcome === 401)).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 429)).toHaveLength(45);
    const challenge = await firstStep(user.email);
    expect(await secondStep(challenge, codeOf(secret))).toBe(429);
    offsetMs += 31_000;
    expect(await secondStep(challenge, codeOf(secret))).toBe(200);
  });

  it('guessed by somebody else who knows the password keeps no known device out, and no session', async () => {
    const { actor, deviceToken = '', secret, user } = await protectedAccount();
    const input = { email: user.email, password: TEST_PASSWORD };
    const own = await challengeOf(() => accounts.login(input, [deviceToken]));
    const wrong = wrongCode(secret);
    for (let guess = 0; guess < 5; guess++) await secondStep(await firstStep(user.email), wrong);
    expect(await secondStep(await firstStep(user.email), codeOf(secret))).toBe(429);
    expect(await secondStep(own, codeOf(secret))).toBe(200);
    expect(await status(() => core.get(StepUpsService).stepUp(actor, { code: codeOf(secret, 1) }))).toBe(200);
  });

  describe('the challenge between the steps', () => {
    it('dies of five wrong codes', async () => {
      const { secret, user } = await protectedAccount();
      const challenge = await firstStep(user.email);
      for (let guess = 0; guess < 5; guess++) expect(await secondStep(challenge, wrongCode(secret))).toBe(401);
      offsetMs += 31_000;
      expect(await secondStep(challenge, codeOf(secret))).toBe(401);
      expect(await secondStep(await firstStep(user.email), codeOf(secret))).toBe(200);
    });

    it('dies of five minutes', async () => {
      const { secret, user } = await protectedAccount();
      const challenge = await firstStep(user.email);
      offsetMs += 301_000;
      expect(await secondStep(challenge, codeOf(secret))).toBe(401);
    });

    it('is good once', async () => {
      const { recoveryCodes, secret, user } = await protectedAccount();
      const challenge = await firstStep(user.email);
      const codes = [codeOf(secret), recoveryCodes[0] ?? ''];
      const outcomes = await Promise.all(codes.map((code) => secondStep(challenge, code)));
      expect(outcomes.toSorted()).toEqual([200, 401]);
    });

    it('dies with the password that it was got with', async () => {
      const { secret, user } = await protectedAccount();
      const challenge = await firstStep(user.email);
      offsetMs += 1_000;
      const token = await core.get(OneTimeTokenRepository).issue(user, 'reset_password');
      await database.execute(statement('test.prove', 'UPDATE users SET email_verified_at = :now WHERE id = :id'), {
        id: user.id,
        now: new Date(),
      });
      await request(() => core.get(PasswordResetsService).reset(token, 'a better password'));
      expect(await secondStep(challenge, codeOf(secret))).toBe(401);
    });

    it.each(['', 'x', 'A'.repeat(120)])('is not %j', async (challenge) => {
      expect(await secondStep(challenge, '123456')).toBe(401);
    });
  });

  it('is removed by a code of it, and no sign-in has one any more', async () => {
    const { accessToken, actor, secret, user } = await protectedAccount();
    expect(actor.secondFactor).toBe(true);
    const factors = core.get(SecondFactorsService);
    expect(await status(() => factors.remove(actor, wrongCode(secret)))).toBe(422);
    expect(await status(() => factors.remove(actor, codeOf(secret)))).toBe(200);
    expect(await actorOf(accessToken)).toMatchObject({ secondFactor: false });
    expect(await status(() => accounts.login({ email: user.email, password: TEST_PASSWORD }))).toBe(200);
    expect(await database.query(CODES, { id: user.id })).toEqual([]);
    expect(await status(() => factors.renewRecoveryCodes(actor))).toBe(409);
  });

  it('that gets new recovery codes forgets the old ones', async () => {
    const { actor, recoveryCodes, user } = await protectedAccount();
    const renewed = await request(() => core.get(SecondFactorsService).renewRecoveryCodes(actor));
    expect(renewed.some((code) => recoveryCodes.includes(code))).toBe(false);
    expect(await secondStep(await firstStep(user.email), recoveryCodes[0] ?? '')).toBe(401);
    expect(await secondStep(await firstStep(user.email), renewed[0] ?? '')).toBe(200);
  });

  it('that comes into force makes what other sign-ins have shown stale', async () => {
    const { accessToken, user } = await aSignIn(accounts);
    const other = await accounts.login({ email: user.email, password: TEST_PASSWORD });
    const actor = await actorOf(accessToken);
    const { secret } = await request(() => core.get(SecondFactorsService).begin(actor));
    await request(() => core.get(SecondFactorsService).confirm(actor, codeOf(secret)));
    const ageOf = (actorNow: Actor) => core.get(Clock).now().getTime() - (actorNow.authenticatedAt?.getTime() ?? 0);
    expect(ageOf(await actorOf(accessToken))).toBe(0);
    expect(ageOf(await actorOf(other.accessToken))).toBeGreaterThan(86_400_000);
  });

  describe('stepping up', () => {
    const stepUp = (actor: Actor, proof: { password?: string; code?: string }) =>
      status(() => core.get(StepUpsService).stepUp(actor, proof));
    const provedAt = async (accessToken: string) => (await actorOf(accessToken)).authenticatedAt?.getTime();

    it('by the password makes the proof fresh at once, but proves no second factor', async () => {
      const { accessToken } = await aSignIn(accounts);
      const actor = await actorOf(accessToken);
      offsetMs += 600_000;
      const before = await provedAt(accessToken);
      expect(await stepUp(actor, { password: 'another password' })).toBe(422);
      expect(await provedAt(accessToken)).toBe(before);
      expect(await stepUp(actor, { password: TEST_PASSWORD })).toBe(200);
      expect(await actorOf(accessToken)).toMatchObject({ authenticatedAt: core.get(Clock).now(), secondFactor: false });
    });

    it('takes a code where there is a second factor: the password is not enough', async () => {
      const { accessToken, actor, recoveryCodes, secret } = await protectedAccount();
      offsetMs += 600_000;
      const before = await provedAt(accessToken);
      expect(await stepUp(actor, { password: TEST_PASSWORD })).toBe(401);
      expect(await provedAt(accessToken)).toBe(before);
      expect(await stepUp(actor, { code: codeOf(secret) })).toBe(200);
      expect(await provedAt(accessToken)).toBe(core.get(Clock).now().getTime());
      expect(await stepUp(actor, { code: recoveryCodes[3] })).toBe(200);
      expect(await stepUp(actor, { code: recoveryCodes[3] })).toBe(422);
    });

    it('takes one proof of the two, and a sign-in', async () => {
      const { actor, secret } = await protectedAccount();
      expect(await stepUp(actor, {})).toBe(422);
      expect(await stepUp(actor, { password: TEST_PASSWORD, code: codeOf(secret) })).toBe(422);
      const { sessionId: _sessionId, ...keyed } = actor;
      expect(await stepUp({ ...keyed, apiKeyId: 'k' }, { code: codeOf(secret) })).toBe(403);
    });

    it('is no way around the lockout, and strangers who guess do not keep a session from it', async () => {
      const { accessToken, user } = await aSignIn(accounts);
      const actor = await actorOf(accessToken);
      const login = (password: string) => status(() => accounts.login({ email: user.email, password }));
      for (let guess = 0; guess < 5; guess++) expect(await stepUp(actor, { password: `guess ${guess}` })).toBe(422);
      expect(await stepUp(actor, { password: TEST_PASSWORD })).toBe(429);
      expect(await login(TEST_PASSWORD)).toBe(200);
      offsetMs += 30_000;
      for (let guess = 0; guess < 5; guess++) expect(await login(`guess ${guess}`)).toBe(401);
      expect(await login(TEST_PASSWORD)).toBe(429);
      expect(await stepUp(actor, { password: TEST_PASSWORD })).toBe(200);
    });

    it('gives an admin what is withheld from a sign-in without a second factor', async () => {
      const { accessToken, secret, user } = await protectedAccount();
      await database.execute(SET_ROLE, { id: user.id, role: 'admin' });
      const challenge = await firstStep(user.email);
      const complete = () => core.get(SecondFactorSignInsService).complete(challenge, codeOf(secret));
      const strong = await actorOf((await request(complete)).accessToken);
      expect(strong.permissions.has('users.list')).toBe(true);
      await request(() => core.get(SecondFactorsService).remove(strong, codeOf(secret, 1)));
      offsetMs += 6_000;
      const weak = await actorOf(accessToken);
      expect([weak.permissions.has('users.list'), weak.withheld?.has('users.list')]).toEqual([false, true]);
      expect(weak.permissions.has('auth.manage_own_credentials')).toBe(true);
    });
  });
});
