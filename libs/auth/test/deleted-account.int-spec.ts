import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { LocalAccountsService, SignInsService } from '@omni/auth';
import { AccountDeletionsService, UserDirectory } from '@omni/users';
import { Database, isTransient, statement } from '@platform/database';
import { MailModule } from '@platform/mail';
import { WorkerModule, WorkerRuntime } from '@platform/queue';
import { Authenticator } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { actorOf } from '@testing/users';
import { AuthWorkerModule } from '@worker/auth';
import { UsersWorkerModule } from '@worker/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';

const HELD = statement(
  'test.held-of-person',
  `SELECT (SELECT COUNT(*) FROM sessions WHERE user_id = :id) + (SELECT COUNT(*) FROM user_identities WHERE user_id = :id)
     + (SELECT COUNT(*) FROM local_credentials WHERE user_id = :id) AS held,
     (SELECT COUNT(*) FROM refresh_tokens token
       WHERE NOT EXISTS (SELECT 1 FROM sessions session WHERE session.id = token.session_id)) AS lost`,
);

describeEachDatabase('a person whose account is deleted', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, [WorkerModule, MailModule, UsersWorkerModule, AuthWorkerModule], {
      JOBS_ENGINE: 'embedded',
      ACCOUNT_DELETION_GRACE_DAYS: '0',
    });
    core.get(WorkerRuntime).start();
  });

  it('keeps no session, also when they sign in and refresh all the while; no attempt ends in an error of ours', async () => {
    const accounts = core.get(LocalAccountsService);
    const signIn = await aSignIn(accounts);
    const { accessToken, refreshToken, user } = signIn;
    const bystander = await aSignIn(accounts);
    const exists = async () => (await core.get(UserDirectory).byId(user.id)) !== null;
    const statuses: unknown[] = [];
    const knock = async (attempt: () => Promise<unknown>) => {
      for (let left = 2_000; left > 0 && (await exists()); left--) {
        const answer = attempt().then(
          () => 200,
          // Who loses a race with the erasure three times in a row is told to come back, as over HTTP.
          (error: { status?: number }) => (isTransient(error) ? 503 : (error.status ?? error)),
        );
        statuses.push(await answer);
        // SQLite answers without ever waiting: the worker needs its turn.
        await sleep(2);
      }
    };
    const knocking = [
      knock(() => accounts.login({ email: user.email, password: TEST_PASSWORD })),
      knock(() => accounts.login({ email: user.email, password: TEST_PASSWORD })),
      knock(() => core.get(SignInsService).refresh(refreshToken)),
    ];
    await core.get(AccountDeletionsService).request(actorOf(user));
    await Promise.all(knocking);
    await sleep(50);
    expect(statuses.filter((status) => ![200, 401, 403, 503].includes(Number(status)))).toEqual([]);
    const [row] = await core
      .get(Database)
      .query<{ held: number | string; lost: number | string }>(HELD, { id: user.id });
    expect([Number(row?.held), Number(row?.lost)]).toEqual([0, 0]);
    const authenticate = (token: string) =>
      core.get(Authenticator).authenticate({ headers: { authorization: `Bearer ${token}` } });
    await expect(authenticate(accessToken)).rejects.toMatchObject({ status: 401 });
    await expect(accounts.login({ email: user.email, password: TEST_PASSWORD })).rejects.toMatchObject({ status: 401 });
    expect(await authenticate(bystander.accessToken)).toMatchObject({ id: bystander.user.id });
  });
});
