import { type TestingModule } from '@nestjs/testing';
import { Module } from '@nestjs/common';
import { AuthModule, LocalAccountsService } from '@omni/auth';
import { Database, statement } from '@platform/database';
import { type Actor, runInContext } from '@platform/kernel';
import { Authenticator, Tenancy } from '@platform/security';
import { Events } from '@platform/queue';
import { aSignIn, TEST_PASSWORD } from '@testing/auth';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { SessionsEnded } from '../src/contract';
import { OwnSessionsService } from '../src/sessions/own-sessions.service';

const LEFT = statement('test.left', "SELECT action FROM audit_logs WHERE resource_id = :id AND action LIKE '%left'");
const ACME = '0198f1c2-6f3a-7000-8000-00000000000a';
const OTHERS = '0198f1c2-6f3a-7000-8000-00000000000b';

/** Whoever is in here is a member of ACME. */
const members = new Set<string>();

@Module({
  providers: [
    {
      provide: Tenancy,
      useValue: {
        roleIn: async (tenantId: string, personId: string) =>
          tenantId === ACME && members.has(personId) ? 'member' : null,
      },
    },
  ],
})
class FakeOrganizationsModule {}

describeEachDatabase('the own sign-ins', (test) => {
  let core: TestingModule;
  let accounts: LocalAccountsService;
  let sessions: OwnSessionsService;
  const ended: string[] = [];

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule, FakeOrganizationsModule]);
    accounts = core.get(LocalAccountsService);
    sessions = core.get(OwnSessionsService);
    core.get(Events).onCommitted(SessionsEnded, ({ payload }) => void ended.push(...payload.session_ids));
  });

  const actorOf = async (accessToken: string, headers: Record<string, string> = {}): Promise<Actor> => {
    const actor = await core
      .get(Authenticator)
      .authenticate({ headers: { authorization: `Bearer ${accessToken}`, ...headers } });
    if (!actor) throw new Error('nobody');
    return actor;
  };
  const status = (work: Promise<unknown>) =>
    work.then(
      () => 200,
      (error: { status?: number }) => error.status,
    );
  const again = (email: string, userAgent?: string) =>
    runInContext({ requestId: 'r', userAgent, clientAddress: '192.0.2.7' }, () =>
      accounts.login({ email, password: TEST_PASSWORD }),
    );

  it('are listed newest first, without those that have ended, and nobody else’s', async () => {
    const { accessToken, user } = await aSignIn(accounts);
    const bystander = await aSignIn(accounts);
    const phone = await again(user.email, 'Phone/1.0');
    const gone = await again(user.email);
    await sessions.revoke(await actorOf(accessToken), (await actorOf(gone.accessToken)).sessionId ?? '');
    const { items, total } = await sessions.page(await actorOf(accessToken), { skip: 0, limit: 20 });
    const ids = [(await actorOf(phone.accessToken)).sessionId, (await actorOf(accessToken)).sessionId];
    expect([total, items.map((item) => item.id)]).toEqual([2, ids]);
    expect(items[0]).toMatchObject({ userAgent: 'Phone/1.0', clientAddress: '192.0.2.7', method: 'password' });
    expect((await sessions.page(await actorOf(bystander.accessToken), { skip: 0, limit: 20 })).total).toBe(1);
  });

  it('can be walked by cursor without a gap', async () => {
    const { accessToken, user } = await aSignIn(accounts);
    for (let n = 0; n < 4; n++) await again(user.email);
    const actor = await actorOf(accessToken);
    const walked: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await sessions.page(actor, { skip: 0, limit: 2, cursor });
      expect(page.total).toBe(5);
      walked.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(walked).size).toBe(5);
  });

  it('end one by one, and somebody else’s id is as good as none', async () => {
    const ann = await aSignIn(accounts);
    const bob = await aSignIn(accounts);
    const phone = await again(ann.user.email);
    const phoneId = (await actorOf(phone.accessToken)).sessionId ?? '';
    const bobsId = (await actorOf(bob.accessToken)).sessionId ?? '';
    const actor = await actorOf(ann.accessToken);
    expect(await status(sessions.revoke(actor, phoneId))).toBe(200);
    expect(await status(actorOf(phone.accessToken))).toBe(401);
    expect(ended).toContain(phoneId);
    const refusal = (id: string) => sessions.revoke(actor, id).catch(({ message, status: code }) => [code, message]);
    const unknown = await refusal('0198f1c2-6f3a-7000-8000-0000000000ff');
    expect(unknown).toEqual([404, 'Session not found']);
    for (const id of [bobsId, phoneId]) expect(await refusal(id)).toEqual(unknown);
    expect(await status(actorOf(bob.accessToken))).toBe(200);
  });

  it('end all at once, or all but the one that asks', async () => {
    const laptop = await aSignIn(accounts);
    const bystander = await aSignIn(accounts);
    const phone = await again(laptop.user.email);
    const tablet = await again(laptop.user.email);
    const outcomes = async () =>
      Promise.all([laptop, phone, tablet].map(({ accessToken }) => status(actorOf(accessToken))));
    const before = ended.length;
    await sessions.endAll(await actorOf(phone.accessToken), true);
    expect(await outcomes()).toEqual([401, 200, 401]);
    await sessions.endAll(await actorOf(phone.accessToken), false);
    expect(await outcomes()).toEqual([401, 401, 401]);
    expect(ended.length - before).toBe(3);
    expect(await status(actorOf(bystander.accessToken))).toBe(200);
  });

  describe('switching', () => {
    it('makes this sign-in act for an organization of the person, and no other sign-in', async () => {
      const { accessToken, user } = await aSignIn(accounts);
      const phone = await again(user.email);
      members.add(user.id);
      await sessions.switchTo(await actorOf(accessToken), ACME);
      expect(await actorOf(accessToken)).toMatchObject({ tenantId: ACME, tenantRole: 'member' });
      expect((await actorOf(phone.accessToken)).tenantId).toBeUndefined();
      expect((await actorOf(accessToken, { 'x-organization-id': 'personal' })).tenantId).toBeUndefined();
      await sessions.switchTo(await actorOf(accessToken), null);
      expect((await actorOf(accessToken)).tenantId).toBeUndefined();
    });

    it('to an organization of others answers as to none', async () => {
      const { accessToken } = await aSignIn(accounts);
      const actor = await actorOf(accessToken);
      const refusal = (id: string) =>
        sessions.switchTo(actor, id).catch(({ message, status: code }) => [code, message]);
      expect(await refusal(ACME)).toEqual([404, 'Organization not found']);
      expect(await refusal(OTHERS)).toEqual([404, 'Organization not found']);
      expect((await actorOf(accessToken)).tenantId).toBeUndefined();
    });

    it('is undone once the person has left the organization: the sign-in acts for them again, and says so once', async () => {
      const { accessToken, user } = await aSignIn(accounts);
      members.add(user.id);
      const { sessionId } = await actorOf(accessToken);
      await sessions.switchTo(await actorOf(accessToken), ACME);
      members.delete(user.id);
      const [first, second] = [await actorOf(accessToken), await actorOf(accessToken)];
      expect(first).toMatchObject({ id: user.id, sessionId, leftTenantId: ACME });
      expect([first.tenantId, second.tenantId, second.leftTenantId]).toEqual([undefined, undefined, undefined]);
      expect(await core.get(Database).query(LEFT, { id: sessionId })).toEqual([
        { action: 'session.organization_left' },
      ]);
      // Back in, the person has to say for whom again.
      members.add(user.id);
      expect((await actorOf(accessToken)).tenantId).toBeUndefined();
    });

    it('is not undone by a request that comes late, when the sign-in was switched elsewhere meanwhile', async () => {
      const { accessToken, user } = await aSignIn(accounts);
      members.add(user.id);
      const actor = await actorOf(accessToken);
      await sessions.switchTo(actor, ACME);
      await sessions.fallBack(actor, OTHERS);
      expect(await actorOf(accessToken)).toMatchObject({ tenantId: ACME });
    });
  });
});
