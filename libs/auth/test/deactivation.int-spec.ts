import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { UserDeactivated } from '@contract/users';
import { LocalAccountsService } from '@omni/auth';
import { UsersService } from '@omni/users';
import { Database, statement } from '@platform/database';
import { systemActor } from '@platform/kernel';
import { MailModule } from '@platform/mail';
import { WorkerModule, WorkerRuntime } from '@platform/queue';
import { Authenticator } from '@platform/security';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { AuthWorkerModule } from '@worker/auth';
import { UsersWorkerModule } from '@worker/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { AuthListeners } from '../src/worker/auth.listeners';

const LIVE = statement('test.live-sessions', 'SELECT id FROM sessions WHERE user_id = :id AND ended_at IS NULL');

describeEachDatabase('a person who is shut out', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, [WorkerModule, MailModule, UsersWorkerModule, AuthWorkerModule], {
      JOBS_ENGINE: 'embedded',
    });
    core.get(WorkerRuntime).start();
  });

  it('has no sign-in left soon after, on any device', async () => {
    const accounts = core.get(LocalAccountsService);
    const { user } = await aSignIn(accounts);
    const bystander = await aSignIn(accounts);
    await accounts.login({ email: user.email, password: TEST_PASSWORD });
    const live = async (id: string) => (await core.get(Database).query(LIVE, { id })).length;
    expect(await live(user.id)).toBe(2);
    await core.get(UsersService).deactivate(systemActor('test'), user.id);
    for (let waited = 0; waited < 10_000 && (await live(user.id)) > 0; waited += 20) await sleep(20);
    expect(await live(user.id)).toBe(0);
    expect(await live(bystander.user.id)).toBe(1);
  });

  it('keeps a sign-in that began after being let in again, however late the event comes', async () => {
    const { user } = await aSignIn(core.get(LocalAccountsService));
    const listeners = core.get(AuthListeners);
    await core.get(WorkerRuntime).stop();
    await core.get(UsersService).deactivate(systemActor('test'), user.id);
    const deactivated_at = new Date().toISOString();
    await core.get(UsersService).activate(systemActor('test'), user.id);
    await sleep(2);
    const again = await core.get(LocalAccountsService).login({ email: user.email, password: TEST_PASSWORD });
    await listeners.endSessions(new UserDeactivated({ user_id: user.id, deactivated_at }));
    const headers = { authorization: `Bearer ${again.accessToken}` };
    await expect(core.get(Authenticator).authenticate({ headers })).resolves.toMatchObject({ id: user.id });
    expect(await core.get(Database).query(LIVE, { id: user.id })).toHaveLength(1);
  });
});
