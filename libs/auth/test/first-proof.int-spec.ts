import { type TestingModule } from '@nestjs/testing';
import { ApiKeysService, AuthModule, LocalAccountsService } from '@omni/auth';
import { AccountDeletionsService, AddressProofs, FirstProofs, type User, UserDirectory } from '@omni/users';
import { Database, statement } from '@platform/database';
import { type Actor, runInContext } from '@platform/kernel';
import { Events } from '@platform/queue';
import { Authenticator } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { generateSync } from 'otplib';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { Actors } from '../src/access/actors';
import { IdentityEnded } from '../src/contract';
import { EmailVerificationService } from '../src/links/email-verification.service';
import { LocalCredentials } from '../src/passwords/local-credentials';
import { MagicLinksService } from '../src/sign-in/magic-links.service';
import { PasswordResetsService } from '../src/passwords/password-resets.service';
import { IdentitiesService } from '../src/identities/identities.service';
import { type LinkPurpose, OneTimeTokenRepository } from '../src/links/one-time-token.repository';
import { SecondFactorsService } from '../src/second-factor/second-factors.service';
import { OidcSignInRepository } from '../src/oidc/oidc-sign-in.repository';

const NEW_PASSWORD = 'another good password';
const MAILS = statement('test.proof-mails', "SELECT payload FROM jobs WHERE name = 'users.send_address_proved_mail'");

let serial = 0;

/** An account and all that somebody can set up on it before its address is proved. */
interface SetUp {
  readonly user: User;
  readonly actor: Actor;
  readonly accessToken: string;
  readonly apiKey: string;
  readonly subject: string;
  readonly oidcCode: string;
}

/** What is left of a {@link SetUp}. */
interface Left {
  signIn: boolean;
  apiKey: boolean;
  password: boolean;
  identity: boolean;
  factor: boolean;
  deletion: boolean;
  underWay: boolean;
}

const NOTHING: Left = {
  signIn: false,
  apiKey: false,
  password: false,
  identity: false,
  factor: false,
  deletion: false,
  underWay: false,
};

describeEachDatabase('the first proof of an address', (test) => {
  let core: TestingModule;
  let database: Database;
  let accounts: LocalAccountsService;
  const closed: string[] = [];

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule]);
    database = core.get(Database);
    accounts = core.get(LocalAccountsService);
    core.get(Events).onCommitted(IdentityEnded, ({ payload }) => void closed.push(payload.user_id));
  });

  /** As the pipeline runs a request. */
  const request = <T>(work: () => Promise<T>): Promise<T> =>
    runInContext({ requestId: 'r' }, () => database.unitOfWork(work));
  const actorOf = async (credential: string): Promise<Actor> => {
    const headers = { authorization: `Bearer ${credential}` };
    const actor = await core.get(Authenticator).authenticate({ headers });
    if (!actor) throw new Error('nobody');
    return actor;
  };
  const holds = (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => true,
      () => false,
    );

  /** All of it, by somebody who only says that the address is theirs. */
  const strangersSetUp = async (): Promise<SetUp> => {
    const { accessToken, user } = await aSignIn(accounts);
    const actor = await actorOf(accessToken);
    const { secret: apiKey } = await core.get(ApiKeysService).create(actor, { name: 'k', scopes: ['users.read_own'] });
    const subject = `stranger-${(serial += 1)}`;
    await core.get(IdentitiesService).link(actor, 'oidc:acme', subject);
    const enrolment = core.get(SecondFactorsService);
    const { secret } = await enrolment.begin(actor);
    await enrolment.confirm(actor, generateSync({ secret }));
    await request(() => core.get(AccountDeletionsService).request(actor));
    const oidcCode = await core
      .get(OidcSignInRepository)
      .keep({ provider: 'oidc:acme', userId: user.id, subject: null, codeChallenge: null });
    // Copies of all of it are warm.
    await actorOf(apiKey);
    return { user, actor, accessToken, apiKey, subject, oidcCode };
  };
  const leftOf = async ({ accessToken, actor, apiKey, oidcCode, subject, user }: SetUp): Promise<Left> => ({
    signIn: await holds(actorOf(accessToken)),
    apiKey: await holds(actorOf(apiKey)),
    password: await holds(request(() => accounts.login({ email: user.email, password: TEST_PASSWORD }))),
    identity:
      (await core.get(IdentitiesService).userOf({ provider: 'oidc:acme', subject, emailVerified: false })).id ===
      user.id,
    factor: (await core.get(SecondFactorsService).status(actor)).confirmedAt !== null,
    deletion: await holds(core.get(AccountDeletionsService).mine(actor)),
    underWay: (await core.get(OidcSignInRepository).take({ code: oidcCode })) !== null,
  });
  /** A key of the account, made by its person. */
  const keyOf = async (user: User): Promise<{ actor: Actor; apiKey: string }> => {
    const actor = core.get(Actors).of(user, {});
    const { secret } = await core.get(ApiKeysService).create(actor, { name: 'k', scopes: ['users.read_own'] });
    return { actor, apiKey: secret };
  };
  const link = ({ user }: SetUp, purpose: LinkPurpose) => core.get(OneTimeTokenRepository).issue(user, purpose);
  const isVerified = async ({ user }: SetUp) => (await core.get(UserDirectory).byId(user.id))?.emailVerifiedAt !== null;
  const toldOf = async ({ user }: SetUp) =>
    (await database.query<{ payload: unknown }>(MAILS))
      .map(({ payload }) => (typeof payload === 'string' ? (JSON.parse(payload) as unknown) : payload))
      .filter((payload) => JSON.stringify(payload).includes(user.id));

  it('by a new password leaves a stranger nothing of what was set up before', async () => {
    const setUp = await strangersSetUp();
    expect(await leftOf(await strangersSetUp())).toMatchObject({
      signIn: true,
      apiKey: true,
      identity: true,
      factor: true,
      deletion: true,
      underWay: true,
    });
    const token = await link(setUp, 'reset_password');
    await request(() => core.get(PasswordResetsService).reset(token, NEW_PASSWORD));
    expect(await leftOf(setUp)).toEqual(NOTHING);
    expect(await isVerified(setUp)).toBe(true);
    const signIn = await request(() => accounts.login({ email: setUp.user.email, password: NEW_PASSWORD }));
    expect(signIn.user.id).toBe(setUp.user.id);
    expect(closed).toContain(setUp.user.id);
    expect(await toldOf(setUp)).toEqual([
      {
        user_id: setUp.user.id,
        ended: {
          'sign-ins': 1,
          'sign-ins under way': 1,
          'linked identities': 1,
          'second factor': 1,
          'API keys': 1,
          'requests to delete the account': 1,
        },
      },
    ]);
  });

  it('by a link that signs in leaves nothing, the password included', async () => {
    const setUp = await strangersSetUp();
    const token = await link(setUp, 'magic_link');
    const signIn = await request(() => core.get(MagicLinksService).exchange(token));
    expect(signIn.user.id).toBe(setUp.user.id);
    expect(await leftOf(setUp)).toEqual(NOTHING);
  });

  it('by the link of a verification leaves what the account was made with, for that is what it vouches for', async () => {
    const setUp = await strangersSetUp();
    const token = await link(setUp, 'verify_email');
    await request(() => core.get(EmailVerificationService).verify(token));
    expect(await leftOf(setUp)).toEqual({ ...NOTHING, password: true, signIn: true });
    expect((await actorOf(setUp.accessToken)).secondFactor).toBe(false);
    expect(await isVerified(setUp)).toBe(true);
  });

  it('by the link of a verification leaves the identity that the account was made with, not a password', async () => {
    const subject = `first-${(serial += 1)}`;
    const profile = { provider: 'oidc:acme', subject, email: `${subject}@example.test`, emailVerified: false };
    const user = await core.get(IdentitiesService).userOf(profile);
    const credentials = core.get(LocalCredentials);
    await credentials.add(user.id, await credentials.hash(TEST_PASSWORD));
    const { accessToken } = await accounts.login({ email: user.email, password: TEST_PASSWORD });
    const token = await core.get(OneTimeTokenRepository).issue(user, 'verify_email');
    await request(() => core.get(EmailVerificationService).verify(token));
    expect((await core.get(IdentitiesService).userOf(profile)).id).toBe(user.id);
    expect(await holds(accounts.login({ email: user.email, password: TEST_PASSWORD }))).toBe(false);
    expect(await holds(actorOf(accessToken))).toBe(false);
  });

  it('by a provider that vouches for the address leaves that identity alone', async () => {
    const subject = `vouched-${(serial += 1)}`;
    const profile = { provider: 'oidc:acme', subject, email: `${subject}@example.test`, emailVerified: false };
    const user = await core.get(IdentitiesService).userOf(profile);
    const { actor, apiKey } = await keyOf(user);
    await request(() => core.get(AccountDeletionsService).request(actor));
    const later = await core.get(IdentitiesService).userOf({ ...profile, emailVerified: true });
    expect([later.id, later.emailVerifiedAt]).toEqual([user.id, expect.any(Date)]);
    expect(await holds(actorOf(apiKey))).toBe(false);
    expect(await holds(core.get(AccountDeletionsService).mine(actor))).toBe(false);
    expect((await core.get(IdentitiesService).userOf(profile)).id).toBe(user.id);
  });

  it('by a person who is signed in leaves that session and the ways in, and no other sign-in or key', async () => {
    const setUp = await strangersSetUp();
    const basis = { sessionId: setUp.actor.sessionId, waysIn: 'all' } as const;
    await request(() => core.get(AddressProofs).prove(setUp.user.id, setUp.user.email, basis));
    expect(await leftOf(setUp)).toMatchObject({
      signIn: true,
      identity: true,
      factor: true,
      apiKey: false,
      deletion: false,
    });
  });

  it('is the first one only: what its person sets up afterwards stays', async () => {
    const setUp = await strangersSetUp();
    const first = await link(setUp, 'magic_link');
    await request(() => core.get(MagicLinksService).exchange(first));
    const { apiKey } = await keyOf(setUp.user);
    for (const purpose of ['magic_link', 'reset_password'] as const) {
      const token = await link(setUp, purpose);
      if (purpose === 'magic_link') await request(() => core.get(MagicLinksService).exchange(token));
      else await request(() => core.get(PasswordResetsService).reset(token, NEW_PASSWORD));
      expect(await holds(actorOf(apiKey))).toBe(true);
    }
    expect(await toldOf(setUp)).toHaveLength(1);
  });

  it('is told of when something ended that its person may miss, not for a sign-in', async () => {
    const { user } = await aSignIn(accounts);
    const setUp = { user } as SetUp;
    const token = await link(setUp, 'verify_email');
    await request(() => core.get(EmailVerificationService).verify(token));
    expect(await toldOf(setUp)).toEqual([]);
  });

  it('rolls back with the link that was used by somebody else at the same moment', async () => {
    const setUp = await strangersSetUp();
    const token = await link(setUp, 'magic_link');
    const use = () => holds(request(() => core.get(MagicLinksService).exchange(token)));
    expect((await Promise.all([use(), use(), use()])).filter(Boolean)).toHaveLength(1);
  });

  it('is not outlived by what a request was setting up meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      const { accessToken, user } = await aSignIn(accounts);
      const actor = await actorOf(accessToken);
      const keys: string[] = [];
      const token = await core.get(OneTimeTokenRepository).issue(user, 'magic_link');
      const make = async () => {
        for (let n = 0; n < 8; n++) {
          const made = await request(() =>
            core.get(ApiKeysService).create(actor, { name: 'k', scopes: ['users.read_own'] }),
          ).catch(() => undefined);
          if (made) keys.push(made.secret);
        }
      };
      await Promise.all([make(), make(), request(() => core.get(MagicLinksService).exchange(token))]);
      const alive = await Promise.all(keys.map((key) => holds(actorOf(key))));
      expect(alive.filter(Boolean)).toEqual([]);
    }
  });

  it('does not start a process in which nothing ends what is declared to end, or the other way round', () => {
    const proofs = new FirstProofs({ contracts: () => [] } as never);
    proofs.register({ tables: ['lockets'], what: 'lockets', end: async () => 0 });
    expect(() => proofs.onApplicationBootstrap()).toThrow(/'lockets' end .* declare `firstProof: 'ends'`/);
    const locket = {
      table: 'lockets',
      column: 'user_id',
      holds: 'person',
      summary: '',
      erasure: { kind: 'delete' },
      firstProof: 'ends',
    };
    const forgetful = new FirstProofs({ contracts: () => [locket] } as never);
    expect(() => forgetful.onApplicationBootstrap()).toThrow(/'lockets' are declared to end .* FirstProofs\.register/);
  });
});
