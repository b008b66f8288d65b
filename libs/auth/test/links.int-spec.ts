import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { ApiKeysService, LocalAccountsService } from '@omni/auth';
import { AddressProofs, UserDirectory } from '@omni/users';
import { Database, statement } from '@platform/database';
import { type Actor, Clock, runInContext } from '@platform/kernel';
import { Mailbox, MailModule } from '@platform/mail';
import { WorkerModule, WorkerRuntime } from '@platform/queue';
import { Authenticator } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { aUser } from '@testing/users';
import { AuthWorkerModule } from '@worker/auth';
import { UsersWorkerModule } from '@worker/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { AccountMails } from '../src/links/account-mails';
import { EmailVerificationService } from '../src/links/email-verification.service';
import { MagicLinksService } from '../src/sign-in/magic-links.service';
import { LocalCredentials } from '../src/passwords/local-credentials';
import { PasswordResetsService } from '../src/passwords/password-resets.service';
import { PasswordsService } from '../src/passwords/passwords.service';
import { RegistrationsService } from '../src/sign-in/registrations.service';
import { OneTimeTokenRepository } from '../src/links/one-time-token.repository';

const LIVE = statement('test.live', 'SELECT id FROM sessions WHERE user_id = :id AND ended_at IS NULL');
const REASONS = statement('test.reasons', 'SELECT end_reason FROM sessions WHERE user_id = :id ORDER BY created_at');
const JOBS = statement('test.jobs', 'SELECT name, payload FROM jobs');
const TOKENS = statement('test.one-time-tokens', 'SELECT token_hash FROM one_time_tokens');
const AUDITED = statement('test.audited', 'SELECT action FROM audit_logs WHERE resource_id = :id');
const NEW_PASSWORD = 'another good password';

describeEachDatabase('links in mails', (test) => {
  let core: TestingModule;
  let accounts: LocalAccountsService;
  let database: Database;
  let tokens: OneTimeTokenRepository;
  let offsetMs = 0;

  beforeAll(async () => {
    core = await domainCore(test, [WorkerModule, MailModule, UsersWorkerModule, AuthWorkerModule], {
      JOBS_ENGINE: 'embedded',
      APP_URL: 'https://app.example.test/',
    });
    core.get(WorkerRuntime).start();
    accounts = core.get(LocalAccountsService);
    database = core.get(Database);
    tokens = core.get(OneTimeTokenRepository);
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offsetMs));
  });
  beforeEach(() => {
    offsetMs = 0;
  });

  /** As the pipeline runs a request. */
  const request = <T>(work: () => Promise<T>): Promise<T> =>
    runInContext({ requestId: 'r' }, () => database.unitOfWork(work));
  const status = (work: () => Promise<unknown>) =>
    request(work).then(
      () => 200,
      (error: { status?: number }) => error.status,
    );
  const mailed = async (address: string, template: string, count = 1) => {
    for (let waited = 0; waited < 10_000; waited += 20) {
      const mails = (await core.get(Mailbox).list(address)).filter((mail) => mail.template === template);
      if (mails.length >= count) return mails;
      await sleep(20);
    }
    throw new Error(`No ${count} mails '${template}' to ${address} within 10 s`);
  };
  const linked = async (address: string, template: string, count = 1) => {
    const [newest] = await mailed(address, template, count);
    const address_ = /https:\/\/app\.example\.test\/[^\s)]+/.exec(newest?.text ?? '')?.[0] ?? '';
    return { path: new URL(address_).pathname, token: new URL(address_).searchParams.get('token') ?? '' };
  };
  const live = async (id: string) => (await database.query(LIVE, { id })).length;
  const isVerified = async (id: string) => Boolean((await core.get(UserDirectory).byId(id))?.emailVerifiedAt);
  const login = (email: string, password: string) => status(() => accounts.login({ email, password }));
  const resets = () => core.get(PasswordResetsService);
  const mails = () => core.get(AccountMails);
  const links = () => core.get(MagicLinksService);

  it('verify the address that registered; once, and no address that came later', async () => {
    const email = 'verify-me@example.test';
    const signIn = await request(() => core.get(RegistrationsService).register({ email, password: TEST_PASSWORD }));
    const { path, token } = await linked(email, 'verify_email');
    expect(path).toBe('/verify-email');
    const verify = () => status(() => core.get(EmailVerificationService).verify(token));
    expect(await isVerified(signIn?.user.id ?? '')).toBe(false);
    expect(await verify()).toBe(200);
    expect(await isVerified(signIn?.user.id ?? '')).toBe(true);
    expect(await verify()).toBe(401);
  });

  it('are kept nowhere but in the mail', async () => {
    const { user } = await aSignIn(accounts);
    await request(() => mails().passwordReset(user.email));
    const { token } = await linked(user.email, 'reset_password');
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await database.query(JOBS))).not.toContain(token);
    const stored = await database.query<{ token_hash: string }>(TOKENS);
    expect(stored.every(({ token_hash }) => /^[0-9a-f]{64}$/.test(token_hash))).toBe(true);
  });

  it('set a new password, end every sign-in, verify the address and lift a lockout', async () => {
    const { user } = await aSignIn(accounts);
    await accounts.login({ email: user.email, password: TEST_PASSWORD });
    for (let guess = 0; guess < 6; guess++) await login(user.email, 'wrong password');
    expect(await login(user.email, TEST_PASSWORD)).toBe(429);
    await request(() => mails().passwordReset(user.email.toUpperCase()));
    const { path, token } = await linked(user.email, 'reset_password');
    expect(path).toBe('/reset-password');
    expect(await status(() => resets().reset(token, NEW_PASSWORD))).toBe(200);
    expect(await live(user.id)).toBe(0);
    expect(await database.query(REASONS, { id: user.id })).toEqual([
      { end_reason: 'password_changed' },
      { end_reason: 'password_changed' },
    ]);
    expect(await isVerified(user.id)).toBe(true);
    expect([await login(user.email, TEST_PASSWORD), await login(user.email, NEW_PASSWORD)]).toEqual([401, 200]);
    expect(await mailed(user.email, 'account_notice')).toHaveLength(1);
    expect(await database.query(AUDITED, { id: user.id })).toContainEqual({ action: 'user.email_verified' });
  });

  it('change one password when two use one link at once', async () => {
    const { user } = await aSignIn(accounts);
    const token = await tokens.issue(user, 'reset_password');
    const passwords = ['first new password', 'second new password'];
    const outcomes = await Promise.all(passwords.map((password) => status(() => resets().reset(token, password))));
    expect(outcomes.toSorted()).toEqual([200, 401]);
    const winner = passwords[outcomes.indexOf(200)] ?? '';
    const loser = passwords[outcomes.indexOf(401)] ?? '';
    expect([await login(user.email, winner), await login(user.email, loser)]).toEqual([200, 401]);
    expect(await mailed(user.email, 'account_notice')).toHaveLength(1);
  });

  it('give who came by another provider a first password', async () => {
    const user = await aUser(core.get(UserDirectory), { email_verified: true });
    const token = await tokens.issue(user, 'reset_password');
    expect(await status(() => resets().reset(token, NEW_PASSWORD))).toBe(200);
    expect(await login(user.email, NEW_PASSWORD)).toBe(200);
  });

  it('are worth nothing once the account has another address', async () => {
    const { user } = await aSignIn(accounts);
    const reset = await tokens.issue(user, 'reset_password');
    const magic = await tokens.issue(user, 'magic_link');
    const verify = await tokens.issue(user, 'verify_email');
    const directory = core.get(UserDirectory);
    const present = await directory.byId(user.id);
    await directory.moveTo(present ?? user, `moved-${user.email}`);
    expect(await status(() => resets().reset(reset, NEW_PASSWORD))).toBe(401);
    expect(await status(() => links().exchange(magic))).toBe(401);
    expect(await status(() => core.get(EmailVerificationService).verify(verify))).toBe(401);
  });

  it('are good, the newest three of their kind, for a while', async () => {
    const { user } = await aSignIn(accounts);
    const [old, held] = [await tokens.issue(user, 'magic_link'), await tokens.issue(user, 'magic_link')];
    const reset = await tokens.issue(user, 'reset_password');
    expect(await tokens.find(old, 'magic_link')).toEqual({ userId: user.id, email: user.email });
    const newer = [await tokens.issue(user, 'magic_link'), await tokens.issue(user, 'magic_link')];
    expect([await tokens.find(old, 'magic_link'), await tokens.use(old, 'magic_link')]).toEqual([null, null]);
    for (const token of [held, ...newer]) expect(await tokens.find(token, 'magic_link')).not.toBeNull();
    expect(await tokens.find(reset, 'magic_link')).toBeNull();
    offsetMs = 15 * 60_000 + 1_000;
    expect([await tokens.find(held, 'magic_link'), await tokens.use(held, 'magic_link')]).toEqual([null, null]);
    expect(await tokens.find(reset, 'reset_password')).not.toBeNull();
    offsetMs = 60 * 60_000 + 1_000;
    expect(await tokens.use(reset, 'reset_password')).toBeNull();
    expect(await tokens.purge()).toBeGreaterThan(0);
  });

  it.each(['verify_email', 'reset_password', 'magic_link'] as const)(
    'of the kind %s are ended by the use of one, and of no other kind or person',
    async (purpose) => {
      const [{ user }, { user: other }] = [await aSignIn(accounts), await aSignIn(accounts)];
      const issued = [1, 2, 3].map(() => () => tokens.issue(user, purpose));
      const links: string[] = [];
      for (const issue of issued) links.push(await issue());
      const otherKind = await tokens.issue(user, purpose === 'magic_link' ? 'reset_password' : 'magic_link');
      const otherPerson = await tokens.issue(other, purpose);
      expect(await tokens.use(links[1] ?? '', purpose)).toEqual({ userId: user.id, email: user.email });
      for (const link of links) {
        expect([await tokens.find(link, purpose), await tokens.use(link, purpose)]).toEqual([null, null]);
      }
      // What was ended takes no place of a new one, and a new one brings nothing back.
      const next = await tokens.issue(user, purpose);
      expect(await tokens.find(links[2] ?? '', purpose)).toBeNull();
      expect(await tokens.use(next, purpose)).not.toBeNull();
      expect(await tokens.find(otherPerson, purpose)).not.toBeNull();
      expect(await tokens.find(otherKind, purpose === 'magic_link' ? 'reset_password' : 'magic_link')).not.toBeNull();
    },
  );

  it('of one kind that are used at once let one in', async () => {
    const { user } = await aSignIn(accounts);
    for (let round = 0; round < 5; round++) {
      const made = await Promise.all(Array.from({ length: 8 }, () => tokens.issue(user, 'magic_link')));
      const found = await Promise.all(made.map((token) => tokens.find(token, 'magic_link')));
      expect(found.filter((owner) => owner !== null)).toHaveLength(3);
      const used = await Promise.all(made.map((token) => tokens.use(token, 'magic_link')));
      expect(used.filter((owner) => owner !== null)).toHaveLength(1);
    }
  });

  it('stay good for whoever holds one while a stranger asks each minute', async () => {
    const { user } = await aSignIn(accounts);
    const ask = () => request(() => mails().passwordReset(user.email));
    await ask();
    const { token } = await linked(user.email, 'reset_password');
    for (let minute = 1; minute < 3; minute++) {
      offsetMs += 60_000;
      await ask();
      await mailed(user.email, 'reset_password', minute + 1);
    }
    expect(await status(() => resets().reset(token, NEW_PASSWORD))).toBe(200);
    const { token: newest } = await linked(user.email, 'reset_password');
    expect(newest).not.toBe(token);
    expect(await status(() => resets().reset(newest, TEST_PASSWORD))).toBe(401);
    expect(await login(user.email, NEW_PASSWORD)).toBe(200);
  });

  it('sign in, once, and verify the address', async () => {
    const user = await aUser(core.get(UserDirectory));
    await request(() => mails().magicLink(user.email));
    const { path, token } = await linked(user.email, 'magic_link');
    expect(path).toBe('/magic-link');
    const outcomes = await Promise.all([1, 2, 3].map(() => status(() => links().exchange(token))));
    expect(outcomes.toSorted()).toEqual([200, 401, 401]);
    expect(await live(user.id)).toBe(1);
    expect(await isVerified(user.id)).toBe(true);
  });

  it('leave a stranger nothing who had made an account with the address before its owner came', async () => {
    const { user } = await aSignIn(accounts);
    const token = await tokens.issue(user, 'magic_link');
    await request(() => links().exchange(token));
    expect(await live(user.id)).toBe(1);
    expect(await login(user.email, TEST_PASSWORD)).toBe(401);
    const again = await tokens.issue(user, 'reset_password');
    await request(() => resets().reset(again, NEW_PASSWORD));
    const later = await tokens.issue(user, 'magic_link');
    await request(() => links().exchange(later));
    expect(await login(user.email, NEW_PASSWORD)).toBe(200);
  });

  it('are not sent to an address that nobody has; asking is the same work', async () => {
    const ask = async (email: string) => {
      let statements = 0;
      const count = () => (statements += 1);
      database.observe(count);
      await request(() => mails().passwordReset(email));
      return statements;
    };
    const { user } = await aSignIn(accounts);
    await core.get(WorkerRuntime).stop();
    expect(await ask('nobody-here@example.test')).toBe(await ask(user.email));
    core.get(WorkerRuntime).start();
    await mailed(user.email, 'reset_password');
    expect(await core.get(Mailbox).list('nobody-here@example.test')).toEqual([]);
  });

  it('come once a minute however often they are asked for', async () => {
    const { user } = await aSignIn(accounts);
    offsetMs = 60_000 - ((Date.now() + 1_000) % 60_000);
    await Promise.all([1, 2, 3, 4].map(() => request(() => mails().magicLink(user.email))));
    await mailed(user.email, 'magic_link');
    offsetMs += 60_000;
    await request(() => mails().magicLink(user.email));
    expect(await mailed(user.email, 'magic_link', 2)).toHaveLength(2);
  });

  describe('changing a password', () => {
    const change = async (accessToken: string, current: string, next: string) => {
      const headers = { authorization: `Bearer ${accessToken}` };
      const actor = await core.get(Authenticator).authenticate({ headers });
      if (!actor) throw new Error('nobody');
      return status(() => core.get(PasswordsService).change(actor, current, next));
    };

    it('takes the present one, and ends the other sign-ins', async () => {
      const { accessToken, user } = await aSignIn(accounts);
      await accounts.login({ email: user.email, password: TEST_PASSWORD });
      expect(await change(accessToken, 'wrong password', NEW_PASSWORD)).toBe(422);
      expect(await live(user.id)).toBe(2);
      expect(await change(accessToken, TEST_PASSWORD, NEW_PASSWORD)).toBe(200);
      expect(await live(user.id)).toBe(1);
      expect([await login(user.email, TEST_PASSWORD), await login(user.email, NEW_PASSWORD)]).toEqual([401, 200]);
      expect(await mailed(user.email, 'account_notice')).toHaveLength(1);
    });

    it('replaces the one that was shown, and none that was set meanwhile', async () => {
      const { user } = await aSignIn(accounts);
      const credentials = core.get(LocalCredentials);
      const proven = await credentials.prove(user, TEST_PASSWORD);
      if (!proven) throw new Error('refused');
      await credentials.set(user, await credentials.hash(NEW_PASSWORD));
      expect(await credentials.hold(proven)).toBe(false);
      expect(await credentials.replace(proven, await credentials.hash('a password of a stranger'))).toBe(false);
      expect(await login(user.email, NEW_PASSWORD)).toBe(200);
    });

    it('leaves no link good that lets somebody in or sets a password; one that verifies an address stays', async () => {
      const { accessToken, user } = await aSignIn(accounts);
      const reset = await tokens.issue(user, 'reset_password');
      const magic = await tokens.issue(user, 'magic_link');
      const verify = await tokens.issue(user, 'verify_email');
      expect(await change(accessToken, 'wrong password', NEW_PASSWORD)).toBe(422);
      expect(await tokens.find(reset, 'reset_password')).not.toBeNull();
      expect(await change(accessToken, TEST_PASSWORD, NEW_PASSWORD)).toBe(200);
      expect(await status(() => resets().reset(reset, 'a password of a stranger'))).toBe(401);
      expect(await status(() => links().exchange(magic))).toBe(401);
      expect(await login(user.email, NEW_PASSWORD)).toBe(200);
      expect(await status(() => core.get(EmailVerificationService).verify(verify))).toBe(200);
    });

    it('by a link leaves no other link good that lets somebody in', async () => {
      const { user } = await aSignIn(accounts);
      const magic = await tokens.issue(user, 'magic_link');
      const others = await tokens.issue(await aUser(core.get(UserDirectory)), 'magic_link');
      const token = await tokens.issue(user, 'reset_password');
      expect(await status(() => resets().reset(token, NEW_PASSWORD))).toBe(200);
      expect(await status(() => links().exchange(magic))).toBe(401);
      expect(await status(() => links().exchange(others))).toBe(200);
    });

    it('leaves API keys alone and lists them in the mail about it, or ends them along', async () => {
      const { accessToken, user } = await aSignIn(accounts, { email_verified: true });
      const works = (credential: string) =>
        status(() => core.get(Authenticator).authenticate({ headers: { authorization: `Bearer ${credential}` } }));
      const key = async (name: string) => {
        const actor = await core
          .get(Authenticator)
          .authenticate({ headers: { authorization: `Bearer ${accessToken}` } });
        return core.get(ApiKeysService).create(actor as Actor, { name, scopes: ['users.read_own'] });
      };
      const [first, second] = [await key('of the <backup>'), await key('of CI')];
      expect(await change(accessToken, TEST_PASSWORD, NEW_PASSWORD)).toBe(200);
      expect([await works(first.secret), await works(second.secret)]).toEqual([200, 200]);
      const [told] = await mailed(user.email, 'account_notice');
      for (const { key: shown } of [first, second])
        expect(told?.text).toContain(`${shown.name} (${shown.prefix}…), never used`);
      expect(told?.text).toContain('have your API keys end with it');
      expect(told?.text).not.toContain(first.secret);
      const token = await tokens.issue(user, 'reset_password');
      expect(await status(() => resets().reset(token, 'yet another password', true))).toBe(200);
      expect([await works(first.secret), await works(second.secret)]).toEqual([401, 401]);
      const ended = (await mailed(user.email, 'account_notice', 2)).find(({ text }) =>
        text.includes('have ended, too: 2'),
      );
      expect(ended?.text).not.toContain('still work');
    });

    it('with the present one ends them along, too', async () => {
      const { accessToken } = await aSignIn(accounts, { email_verified: true });
      const actor = (await core
        .get(Authenticator)
        .authenticate({ headers: { authorization: `Bearer ${accessToken}` } })) as Actor;
      const { key } = await core.get(ApiKeysService).create(actor, { name: 'k', scopes: ['users.read_own'] });
      expect(await status(() => core.get(PasswordsService).change(actor, TEST_PASSWORD, NEW_PASSWORD, true))).toBe(200);
      expect(await status(() => core.get(ApiKeysService).read(actor, key.id))).toBe(404);
    });

    it('is no way around the lockout, and a session that guesses keeps no other one out', async () => {
      const { accessToken, user } = await aSignIn(accounts);
      const other = await accounts.login({ email: user.email, password: TEST_PASSWORD });
      for (let guess = 0; guess < 5; guess++)
        expect(await change(accessToken, `guess ${guess}`, 'x'.repeat(12))).toBe(422);
      expect(await change(accessToken, TEST_PASSWORD, NEW_PASSWORD)).toBe(429);
      expect(await login(user.email, TEST_PASSWORD)).toBe(200);
      expect(await change(other.accessToken, TEST_PASSWORD, NEW_PASSWORD)).toBe(200);
    });
  });

  it('and a sign-in with the old password that is under way leave no sign-in behind', async () => {
    for (let round = 0; round < 5; round++) {
      const { user } = await aSignIn(accounts);
      const token = await tokens.issue(user, 'reset_password');
      await Promise.all([
        status(() => resets().reset(token, NEW_PASSWORD)),
        login(user.email, TEST_PASSWORD),
        login(user.email, TEST_PASSWORD),
      ]);
      expect(await live(user.id)).toBe(0);
    }
  });
});

describeEachDatabase('where addresses must be verified', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, [WorkerModule, MailModule, UsersWorkerModule, AuthWorkerModule], {
      AUTH_REQUIRE_VERIFIED_EMAIL: 'true',
      JOBS_ENGINE: 'embedded',
    });
    core.get(WorkerRuntime).start();
  });

  it('registering gives no tokens, for a free and a taken address alike, whose owner is told', async () => {
    const email = 'careful@example.test';
    const register = () =>
      runInContext({ requestId: 'r' }, () =>
        core
          .get(Database)
          .unitOfWork(() => core.get(RegistrationsService).register({ email, password: TEST_PASSWORD })),
      );
    expect([await register(), await register()]).toEqual([null, null]);
    const list = async () => (await core.get(Mailbox).list(email)).map((mail) => mail.template);
    for (let waited = 0; waited < 10_000 && (await list()).length < 3; waited += 20) await sleep(20);
    expect((await list()).toSorted()).toEqual(['account_notice', 'verify_email', 'welcome']);
  });

  it('the right password is told to verify first, a wrong one is not', async () => {
    const accounts = core.get(LocalAccountsService);
    const user = await accounts.create({ email: 'unproved@example.test', password: TEST_PASSWORD });
    const login = (password: string) =>
      accounts.login({ email: user.email, password }).then(
        () => 'in',
        (error: { status: number; code: string }) => `${error.status} ${error.code}`,
      );
    expect(await login('another password')).toBe('401 AUTHENTICATION_ERROR');
    expect(await login(TEST_PASSWORD)).toBe('403 EMAIL_NOT_VERIFIED');
    await core.get(AddressProofs).prove(user.id, user.email, { waysIn: 'first' });
    expect(await login(TEST_PASSWORD)).toBe('in');
  });
});
