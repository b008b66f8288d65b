import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { UserDirectory } from '@omni/users';
import { Mailbox, MailModule } from '@platform/mail';
import { Jobs, WorkerModule, WorkerRuntime } from '@platform/queue';
import { aUser } from '@testing/users';
import { UsersWorkerModule } from '@worker/users';
import { SendWelcomeMail } from '@contract/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';

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
});
