import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { ApiKeysService, LocalAccountsService, SignInsService } from '@omni/auth';
import { AccountDeletionsService, AddressProofs, type User, UserDirectory } from '@omni/users';
import { Database } from '@platform/database';
import { type Actor, runInContext } from '@platform/kernel';
import { MailModule } from '@platform/mail';
import { WorkerModule, WorkerRuntime } from '@platform/queue';
import { Authenticator } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { AuthWorkerModule } from '@worker/auth';
import { UsersWorkerModule } from '@worker/users';
import { generateSync } from 'otplib';
import { describeOnPostgres } from '../../../test/support/databases';
import { deadlocksOf } from '../../../test/support/deadlocks';
import { domainCore } from '../../../test/support/domain-core';
import { AccountMails } from '../src/links/account-mails';
import { MagicLinksService } from '../src/sign-in/magic-links.service';
import { PasswordResetsService } from '../src/passwords/password-resets.service';
import { IdentitiesService } from '../src/identities/identities.service';
import { type LinkPurpose, OneTimeTokenRepository } from '../src/links/one-time-token.repository';
import { SecondFactorsService } from '../src/second-factor/second-factors.service';
import { OwnSessionsService } from '../src/sessions/own-sessions.service';

/** One account, and what its person needs for {@link acts}. */
interface Busy {
  readonly user: User;
  readonly actor: Actor;
  refreshToken: string;
}

// SQLite lets one writer in at a time: nobody waits for anybody there.
describeOnPostgres('whoever changes an account', (test) => {
  let core: TestingModule;
  let database: Database;
  let deadlocks: string[];

  beforeAll(async () => {
    core = await domainCore(test, [WorkerModule, MailModule, UsersWorkerModule, AuthWorkerModule], {
      JOBS_ENGINE: 'embedded',
      ACCOUNT_DELETION_GRACE_DAYS: '0',
      DB_POOL_SIZE: '30',
    });
    core.get(WorkerRuntime).start();
    database = core.get(Database);
    deadlocks = deadlocksOf(database);
  });
  beforeEach(() => (deadlocks.length = 0));

  /** As the pipeline runs a request; what comes of it does not matter here. */
  const request = (work: () => Promise<unknown>): Promise<unknown> =>
    runInContext({ requestId: 'r' }, () => database.unitOfWork(work)).catch(() => undefined);
  const somebody = async (email_verified: boolean): Promise<Busy> => {
    const signIn = await aSignIn(core.get(LocalAccountsService), { email_verified });
    const { accessToken, refreshToken, user } = signIn;
    const actor = await core.get(Authenticator).authenticate({ headers: { authorization: `Bearer ${accessToken}` } });
    if (!actor) throw new Error('nobody');
    return { user, actor, refreshToken };
  };
  let serial = 0;
  /** As the job that mails it. */
  const link = (user: User, purpose: LinkPurpose) =>
    database.detached(() =>
      database.transaction(async () => {
        await core.get(UserDirectory).hold(user.id);
        return core.get(OneTimeTokenRepository).issue(user, purpose);
      }),
    );

  /** Whatever touches more than one row of an account. */
  const acts: Readonly<Record<string, (busy: Busy) => Promise<unknown>>> = {
    'signs in': ({ user }) => core.get(LocalAccountsService).login({ email: user.email, password: TEST_PASSWORD }),
    refreshes: async (busy) => {
      busy.refreshToken = (await core.get(SignInsService).refresh(busy.refreshToken)).refreshToken;
    },
    'makes a key': ({ actor }) => core.get(ApiKeysService).create(actor, { name: 'k', scopes: ['users.read_own'] }),
    'links an identity': ({ actor }) => core.get(IdentitiesService).link(actor, 'oidc:acme', `lock-${(serial += 1)}`),
    'sets up a second factor and removes it': async ({ actor }) => {
      const { secret } = await core.get(SecondFactorsService).begin(actor);
      await core.get(SecondFactorsService).confirm(actor, generateSync({ secret }));
      await core.get(SecondFactorsService).remove(actor, generateSync({ secret, epoch: Date.now() / 1_000 + 30 }));
    },
    'asks for a link': ({ user }) => core.get(AccountMails).magicLink(user.email),
    'follows a link': async ({ user }) => core.get(MagicLinksService).exchange(await link(user, 'magic_link')),
    'resets the password': async ({ user }) =>
      core.get(PasswordResetsService).reset(await link(user, 'reset_password'), TEST_PASSWORD),
    'ends the other sign-ins': ({ actor }) => core.get(OwnSessionsService).endAll(actor, true),
  };

  /** Somebody for each act, so that none of them puts an end to another. */
  const everybody = async (emailVerified: boolean) => {
    const doing = Array.from({ length: 3 }, () => Object.values(acts)).flat();
    return Promise.all(doing.map(async (act) => ({ act, one: await somebody(emailVerified) })));
  };

  it('waits for its deletion and is waited for, in one order: nobody is left in a deadlock', async () => {
    const all = await everybody(true);
    const exists = async ({ user }: Busy) => (await core.get(UserDirectory).byId(user.id)) !== null;
    const busy = all.map(async ({ act, one }) => {
      while (await exists(one)) await request(() => act(one));
    });
    await sleep(100);
    for (const { one } of all) await request(() => core.get(AccountDeletionsService).request(one.actor));
    await Promise.all(busy);
    expect(deadlocks).toEqual([]);
  });

  it('waits for the first proof of its address, in the same order', async () => {
    for (let round = 0; round < 2; round++) {
      const all = await everybody(false);
      await Promise.all(
        all.flatMap(({ act, one: { actor, user }, one }) => [
          request(() => act(one)),
          request(() => core.get(AddressProofs).prove(user.id, user.email, { waysIn: 'none' })),
          request(() => core.get(AccountDeletionsService).request(actor)),
        ]),
      );
    }
    expect(deadlocks).toEqual([]);
  });
});
