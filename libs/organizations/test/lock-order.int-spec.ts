import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { InvitationsService, MembersService, OrganizationsService } from '@omni/organizations';
import { AccountDeletionsService, UserDirectory } from '@omni/users';
import { Database, statement } from '@platform/database';
import { type Actor, runInContext } from '@platform/kernel';
import { MailModule } from '@platform/mail';
import { WorkerModule, WorkerRuntime } from '@platform/queue';
import { anOrganization } from '@testing/organizations';
import { actorOf, aUser } from '@testing/users';
import { OrganizationsWorkerModule } from '@worker/organizations';
import { UsersWorkerModule } from '@worker/users';
import { deadlocksOf } from '../../../test/support/deadlocks';
import { describeOnPostgres } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { MemberRepository } from '../src/members/member.repository';

const ROUNDS = 4;
const ROWS = statement('test.sent', 'SELECT id FROM organization_invitations WHERE organization_id = :id');

// SQLite lets one writer in at a time: nobody waits for anybody there.
describeOnPostgres('whoever changes an organization', (test) => {
  let core: TestingModule;
  let database: Database;
  let deadlocks: string[];

  beforeAll(async () => {
    const modules = [WorkerModule, MailModule, UsersWorkerModule, OrganizationsWorkerModule];
    core = await domainCore(test, modules, { JOBS_ENGINE: 'embedded', ACCOUNT_DELETION_GRACE_DAYS: '0' });
    core.get(WorkerRuntime).start();
    database = core.get(Database);
    deadlocks = deadlocksOf(database);
  });

  const somebody = async (): Promise<Actor> => actorOf(await aUser(core.get(UserDirectory)));
  const request = (work: () => Promise<unknown>): Promise<unknown> =>
    runInContext({ requestId: 'r' }, () => database.unitOfWork(work)).catch(() => undefined);

  /** An organization whose founder has handed it over, and has sent the invitations that it waits for. */
  const handedOver = async () => {
    const [founder, owner] = [await somebody(), await somebody()];
    const { id } = await anOrganization(core.get(OrganizationsService), founder);
    await core.get(MemberRepository).join(id, owner.id, 'member');
    for (const guest of ['a', 'b', 'c']) {
      const email = `${guest}-${id}@invited.test`;
      await core.get(InvitationsService).invite(founder, id, { email, role: 'member' });
    }
    await core.get(MembersService).transfer(founder, id, owner.id);
    const invitations = (await database.query<{ id: string }>(ROWS, { id })).map((row) => row.id);
    return { founder, owner, id, invitations };
  };

  it('is not held up for ever by the deletion of its founder, nor holds that up', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { founder, id, invitations, owner } = await handedOver();
      const exists = async () => (await core.get(UserDirectory).byId(founder.id)) !== null;
      const revoking = (async () => {
        while (await exists()) {
          for (const each of invitations) {
            // Rolled back, so that there is something to revoke the next time.
            await request(async () => {
              await core.get(InvitationsService).revoke(owner, id, each);
              throw new Error('not after all');
            });
          }
        }
      })();
      await sleep(20);
      await request(() => core.get(AccountDeletionsService).request(founder));
      await revoking;
    }
    expect(deadlocks).toEqual([]);
  });
});
