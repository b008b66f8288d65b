import { setTimeout as sleep } from 'node:timers/promises';
import { type TestingModule } from '@nestjs/testing';
import { EraseOrganization } from '@contract/organizations';
import { MembersService, OrganizationsModule, OrganizationsService } from '@omni/organizations';
import { DeletionBlockers, UserDirectory } from '@omni/users';
import { type BrokenRule, Database, Integrity, OperatorModule, statement, SubjectData } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { MailModule } from '@platform/mail';
import { Events, WorkerModule, WorkerRuntime } from '@platform/queue';
import { UserErased } from '@contract/users';
import { anOrganization } from '@testing/organizations';
import { actorOf, aUser } from '@testing/users';
import { OrganizationsWorkerModule } from '@worker/organizations';
import { UsersWorkerModule } from '@worker/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { InvitationsService } from '../src/invitations/invitations.service';
import { MemberRepository } from '../src/members/member.repository';

const ROWS = statement(
  'test.rows',
  `SELECT (SELECT COUNT(*) FROM organizations WHERE id = :id) AS organizations,
     (SELECT COUNT(*) FROM organization_memberships WHERE organization_id = :id) AS members,
     (SELECT COUNT(*) FROM organization_invitations WHERE organization_id = :id) AS invitations`,
);
const LATE = statement('test.late', `SELECT key FROM jobs WHERE name = :name AND state = 'pending'`);
const STRIP = statement('test.strip', 'DELETE FROM organization_memberships WHERE organization_id = :id');

describeEachDatabase('organizations that go', (test) => {
  let core: TestingModule;
  let ann: Actor;
  let bob: Actor;
  let id: string;

  beforeAll(async () => {
    const operator = OperatorModule.of([OrganizationsModule]);
    const modules = [WorkerModule, MailModule, UsersWorkerModule, OrganizationsWorkerModule, operator];
    core = await domainCore(test, modules, { JOBS_ENGINE: 'embedded' });
    core.get(WorkerRuntime).start();
  });
  beforeEach(async () => {
    [ann, bob] = [actorOf(await aUser(core.get(UserDirectory))), actorOf(await aUser(core.get(UserDirectory)))];
    id = (await anOrganization(core.get(OrganizationsService), ann, { name: 'Acme' })).id;
  });

  const join = (actor: Actor, role: 'member' | 'owner' = 'member') =>
    core.get(MemberRepository).join(id, actor.id, role);
  const rows = async (): Promise<number[]> => {
    const [row] = await core.get(Database).query<Record<string, number | string>>(ROWS, { id });
    return [row?.organizations, row?.members, row?.invitations].map(Number);
  };
  const gone = async () => {
    for (let waited = 0; waited < 10_000 && (await rows())[0] !== 0; waited += 20) await sleep(20);
    expect(await rows()).toEqual([0, 0, 0]);
  };
  const blockersOf = (actor: Actor) =>
    core.get(Database).transaction(() => core.get(DeletionBlockers).reasons(actor.id));

  it('are erased by a job with members and invitations, which looks again for what was under way', async () => {
    await join(bob);
    await core.get(InvitationsService).invite(ann, id, { email: 'guest@example.test', role: 'member' });
    await core.get(OrganizationsService).delete(ann, id);
    await expect(core.get(OrganizationsService).read(bob, id)).rejects.toMatchObject({ status: 404 });
    await gone();
    const later = await core.get(Database).query(LATE, { name: EraseOrganization.name });
    expect(later).toContainEqual({ key: `${id}:late` });
  });

  it('hold the account of their last owner while others belong to them', async () => {
    expect(await blockersOf(ann)).toEqual([]);
    await join(bob);
    expect(await blockersOf(ann)).toEqual([
      'You are the only owner of the organization "Acme": transfer or delete it first',
    ]);
    expect(await blockersOf(bob)).toEqual([]);
    await core.get(MembersService).transfer(ann, id, bob.id);
    expect(await blockersOf(ann)).toEqual([]);
  });

  it('let one of two owners go who ask at once, and keep the other', async () => {
    const cid = actorOf(await aUser(core.get(UserDirectory)));
    await join(bob, 'owner');
    await join(cid);
    const erase = (actor: Actor) =>
      core.get(Database).transaction(async () => {
        const found = await core.get(DeletionBlockers).reasons(actor.id);
        if (found.length === 0) await core.get(SubjectData).erase('person', actor.id);
        return found.length;
      });
    expect((await Promise.all([erase(ann), erase(bob)])).sort()).toEqual([0, 1]);
  });

  it('are closed when the account of their only member goes', async () => {
    const bystander = await anOrganization(core.get(OrganizationsService), bob);
    await core.get(Database).transaction(async () => {
      await core.get(SubjectData).erase('person', ann.id, ann.email);
      await core.get(Events).publish(new UserErased({ user_id: ann.id }));
    });
    await gone();
    expect((await core.get(OrganizationsService).read(bob, bystander.id)).organization.deletedAt).toBeNull();
  });

  it('stay, with who was invited, when an account goes that others do not need', async () => {
    await join(bob, 'owner');
    await core.get(InvitationsService).invite(bob, id, { email: 'other@example.test', role: 'member' });
    await core.get(SubjectData).erase('person', ann.id, ann.email);
    expect(await rows()).toEqual([1, 1, 1]);
    const { organization } = await core.get(OrganizationsService).read(bob, id);
    expect(organization.createdBy).toBeNull();
  });

  it('are found by the rule when nobody owns them, and no others', async () => {
    await join(bob);
    const other = await anOrganization(core.get(OrganizationsService), bob);
    const violations = async () => {
      const found: BrokenRule[] = [];
      for await (const violation of core.get(Integrity).check('organizations.organization-has-owner'))
        found.push(violation);
      return found.map((violation) => violation.id);
    };
    expect(await violations()).not.toContain(id);
    await core.get(Database).execute(STRIP, { id });
    expect(await violations()).toContain(id);
    expect(await violations()).not.toContain(other.id);
  });
});
