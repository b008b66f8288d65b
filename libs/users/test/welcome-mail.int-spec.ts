import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { placeholderAddress, UserDirectory } from '@omni/users';
import { Database, statement } from '@platform/database';
import { Mailbox, MailModule } from '@platform/mail';
import { Jobs, WorkerModule, WorkerRuntime } from '@platform/queue';
import { aUser } from '@testing/users';
import { UsersWorkerModule } from '@worker/users';
import { SendWelcomeMail } from '@contract/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';

const JOB = statement('test.job', 'SELECT state FROM jobs WHERE name = :name AND key = :key');

describeEachDatabase('a new user', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, [WorkerModule, MailModule, UsersWorkerModule], { JOBS_ENGINE: 'embedded' });
    core.get(WorkerRuntime).start();
  });

  const mailsTo = (address: string) => core.get(Mailbox).list(address);
  const mailed = async (address: string) => {
    for (let waited = 0; waited < 10_000; waited += 20) {
      const mails = await mailsTo(address);
      if (mails.length > 0) return mails;
      await sleep(20);
    }
    throw new Error(`No mail to ${address} within 10 s`);
  };

  it('gets one welcome mail, with the name escaped', async () => {
    const { email, id } = await aUser(core.get(UserDirectory), { full_name: '<b>Ann</b>' });
    const [mail] = await mailed(email);
    expect(mail).toMatchObject({ template: 'welcome', subject: 'Welcome to OmniStack API!' });
    expect(mail?.html).toContain('Hello &lt;b&gt;Ann&lt;/b&gt;,');
    await core.get(Jobs).enqueue(SendWelcomeMail, { user_id: id }, { key: `again:${id}` });
    const other = await aUser(core.get(UserDirectory));
    await mailed(other.email);
    expect(await mailsTo(email)).toHaveLength(1);
  });

  it('gets none at an address that nobody reads', async () => {
    const nobody = await aUser(core.get(UserDirectory), { email: placeholderAddress('subject-1') });
    const job = { name: 'users.send_welcome_mail', key: nobody.id };
    const isDone = async () => (await core.get(Database).query<{ state: string }>(JOB, job))[0]?.state === 'done';
    for (let waited = 0; waited < 10_000 && !(await isDone()); waited += 20) await sleep(20);
    expect(await isDone()).toBe(true);
    expect(await mailsTo(nobody.email)).toEqual([]);
  });
});
