import { setTimeout as sleep } from 'node:timers/promises';
import { Global, Module } from '@nestjs/common';
import { type TestingModule } from '@nestjs/testing';
import {
  AcceptancesService,
  InvitationsService,
  MembersService,
  OrganizationsService,
  SeatAllowance,
} from '@omni/organizations';
import { AddressProofs, type User, UserDirectory } from '@omni/users';
import { Database, statement } from '@platform/database';
import { type Actor, Clock } from '@platform/kernel';
import { Mailbox, MailModule } from '@platform/mail';
import { WorkerModule, WorkerRuntime } from '@platform/queue';
import { anOrganization } from '@testing/organizations';
import { actorOf, aUser } from '@testing/users';
import { OrganizationsWorkerModule } from '@worker/organizations';
import { UsersWorkerModule } from '@worker/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { OrganizationsSchedule } from '../src/worker/organizations.schedule';

const DAY_MS = 86_400_000;
const MEMBERS = statement('test.members', 'SELECT user_id FROM organization_memberships WHERE organization_id = :id');
const JOBS = statement('test.payloads', 'SELECT payload FROM jobs');
const ROWS = statement('test.invitations', 'SELECT token_hash FROM organization_invitations');

/** As a domain with plans would bind it; the tests say how many seats there are. */
class Plan extends SeatAllowance {
  seats: number | null = null;
  seatsOf(): Promise<number | null> {
    return Promise.resolve(this.seats);
  }
}

const plan = new Plan();

@Global()
@Module({ providers: [{ provide: SeatAllowance, useValue: plan }], exports: [SeatAllowance] })
class PlanModule {}

describeEachDatabase('invitations', (test) => {
  let core: TestingModule;
  let invitations: InvitationsService;
  let acceptances: AcceptancesService;
  let ann: Actor;
  let organizationId: string;
  let offset = 0;
  let serial = 0;

  beforeAll(async () => {
    const modules = [WorkerModule, MailModule, UsersWorkerModule, OrganizationsWorkerModule, PlanModule];
    core = await domainCore(test, modules, { JOBS_ENGINE: 'embedded', APP_URL: 'https://app.example.test' });
    core.get(WorkerRuntime).start();
    invitations = core.get(InvitationsService);
    acceptances = core.get(AcceptancesService);
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offset));
  });
  beforeEach(async () => {
    offset = 0;
    plan.seats = null;
    ann = actorOf(await aUser(core.get(UserDirectory), { full_name: 'Ann <b>' }));
    organizationId = (await anOrganization(core.get(OrganizationsService), ann, { name: 'Acme' })).id;
  });

  const address = () => `guest-${(serial += 1)}@invited.test`;
  const invite = (email: string, role: 'member' | 'admin' = 'member', actor = ann) =>
    invitations.invite(actor, organizationId, { email, role });
  /** The tokens that were mailed to the address, oldest first, once there are as many. */
  const mailed = async (email: string, count = 1): Promise<string[]> => {
    for (let waited = 0; waited < 10_000; waited += 20) {
      const mails = await core.get(Mailbox).list(email);
      const tokens = mails
        .filter(({ template }) => template === 'organization_invitation')
        .map(({ text }) => /accept-invitation\?token=(\w+)/.exec(text)?.[1] ?? '');
      if (tokens.length >= count) return tokens.reverse();
      await sleep(20);
    }
    throw new Error(`No ${count} mails to ${email} within 10 s`);
  };
  const guest = async (email: string, verified = true): Promise<User> =>
    aUser(core.get(UserDirectory), { email, email_verified: verified });
  const status = (work: Promise<unknown>) =>
    work.then(
      () => 200,
      (error: { status?: number }) => error.status,
    );
  const memberIds = async () =>
    (await core.get(Database).query<{ user_id: string }>(MEMBERS, { id: organizationId })).map((row) => row.user_id);

  it('are mailed to the address, and make its person a member, once', async () => {
    const email = address();
    expect(await invite(` ${email.toUpperCase()}`, 'admin')).toMatchObject({ email, role: 'admin', version: 1 });
    const [mail] = (await mailed(email)) && (await core.get(Mailbox).list(email));
    expect(mail).toMatchObject({ subject: 'Join Acme at OmniStack API' });
    expect(mail?.html).toContain('Ann &lt;b&gt; invites you');
    const [token = ''] = await mailed(email);
    const bob = actorOf(await guest(email, false));
    expect(await acceptances.accept(bob, token)).toMatchObject({ role: 'admin', organization: { name: 'Acme' } });
    // Who holds what was mailed there has proved the address.
    expect((await core.get(UserDirectory).byId(bob.id))?.emailVerifiedAt).not.toBeNull();
    await expect(acceptances.accept(bob, token)).rejects.toMatchObject({ status: 410, details: { state: 'accepted' } });
    expect(await invitations.page(ann, organizationId, { skip: 0, limit: 5 })).toMatchObject({ total: 0 });
  });

  it('have a token that no row holds: neither the job that mails it nor the invitation', async () => {
    const email = address();
    await invite(email);
    const [token = ''] = await mailed(email);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const rows = [...(await core.get(Database).query(JOBS)), ...(await core.get(Database).query(ROWS))];
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('are of no use to another account, whoever forwarded them', async () => {
    const email = address();
    await invite(email);
    const [token = ''] = await mailed(email);
    const mallory = actorOf(await guest(address()));
    await expect(acceptances.accept(mallory, token)).rejects.toMatchObject({ status: 403 });
    await expect(acceptances.accept(mallory, 'f'.repeat(64))).rejects.toMatchObject({ status: 404 });
    const bob = actorOf(await guest(email));
    expect(await status(acceptances.accept(bob, token))).toBe(200);
    expect(await memberIds()).not.toContain(mallory.id);
  });

  it('expire after the days that the setting says, and are replaced by a new one', async () => {
    const email = address();
    const { id } = await invite(email);
    const [token = ''] = await mailed(email);
    const bob = actorOf(await guest(email));
    await expect(invite(email)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('resend') as string,
    });
    offset = 7 * DAY_MS + 60_000;
    await expect(acceptances.accept(bob, token)).rejects.toMatchObject({ status: 410, details: { state: 'expired' } });
    const again = await invite(email);
    expect(again.id).not.toBe(id);
    await expect(invitations.resend(ann, organizationId, id)).rejects.toMatchObject({ status: 404 });
    const [, fresh = ''] = await mailed(email, 2);
    await expect(acceptances.accept(bob, token)).rejects.toMatchObject({ status: 410, details: { state: 'revoked' } });
    expect(await status(acceptances.accept(bob, fresh))).toBe(200);
  });

  it('are mailed again with another token and the whole of their time', async () => {
    const email = address();
    const { id } = await invite(email);
    const [first = ''] = await mailed(email);
    offset = 6 * DAY_MS;
    await invitations.resend(ann, organizationId, id);
    const [, second = ''] = await mailed(email, 2);
    expect(second).not.toBe(first);
    offset = 12 * DAY_MS;
    const bob = actorOf(await guest(email));
    await expect(acceptances.accept(bob, first)).rejects.toMatchObject({ status: 404 });
    expect(await status(acceptances.accept(bob, second))).toBe(200);
  });

  it('are worth nothing once revoked', async () => {
    const email = address();
    const { id } = await invite(email);
    const [token = ''] = await mailed(email);
    await invitations.revoke(ann, organizationId, id);
    const bob = actorOf(await guest(email));
    await expect(acceptances.accept(bob, token)).rejects.toMatchObject({ status: 410, details: { state: 'revoked' } });
    await expect(invitations.revoke(ann, organizationId, id)).rejects.toMatchObject({ status: 404 });
    offset = 61_000;
    expect(await status(invite(email))).toBe(200);
  });

  it('do not flood a mailbox: an address gets one a minute, sent again, revoked or from another organization', async () => {
    const email = address();
    const { id } = await invite(email);
    expect(await status(invitations.resend(ann, organizationId, id))).toBe(429);
    await invitations.revoke(ann, organizationId, id);
    expect(await status(invite(email))).toBe(429);
    const outcomes: unknown[] = [];
    for (let index = 0; index < 5; index++) {
      const other = await anOrganization(core.get(OrganizationsService), ann);
      outcomes.push(await status(invitations.invite(ann, other.id, { email, role: 'member' })));
    }
    expect(outcomes).toEqual([200, 200, 200, 200, 429]);
    // Another person knows nothing of it, and must not learn of it.
    const eve = actorOf(await guest(address()));
    const theirs = await anOrganization(core.get(OrganizationsService), eve);
    expect(await status(invitations.invite(eve, theirs.id, { email, role: 'member' }))).toBe(200);
    offset = 61_000;
    expect(await status(invite(email))).toBe(200);
  });

  it('are made by admins, those to be an admin by owners, and seen by nobody else', async () => {
    const [admin, member] = [actorOf(await guest(address())), actorOf(await guest(address()))];
    for (const [actor, role] of [
      [admin, 'admin'],
      [member, 'member'],
    ] as const) {
      await invite(actor.email ?? '', role);
      await acceptances.accept(actor, (await mailed(actor.email ?? ''))[0] ?? '');
    }
    const { id } = await invite(address(), 'admin');
    expect(await status(invite(address(), 'member', admin))).toBe(200);
    expect(await status(invite(address(), 'admin', admin))).toBe(403);
    expect(await status(invite(address(), 'member', member))).toBe(403);
    expect(await status(invitations.page(member, organizationId, { skip: 0, limit: 5 }))).toBe(403);
    expect(await status(invitations.resend(admin, organizationId, id))).toBe(403);
    expect(await status(invitations.revoke(member, organizationId, id))).toBe(403);
    const stranger = actorOf(await guest(address()));
    expect(await status(invitations.revoke(stranger, organizationId, id))).toBe(404);
    // The invitation of another organization is none of this one.
    const other = await anOrganization(core.get(OrganizationsService), ann);
    expect(await status(invitations.revoke(ann, other.id, id))).toBe(404);
    await expect(invite(member.email ?? '')).rejects.toMatchObject({ status: 409 });
    expect(await invitations.page(admin, organizationId, { skip: 0, limit: 1 })).toMatchObject({ total: 2 });
  });

  it('make one member of two acceptances at once', async () => {
    const email = address();
    await invite(email);
    const [token = ''] = await mailed(email);
    const bob = actorOf(await guest(email));
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => status(acceptances.accept(bob, token))));
    expect(outcomes.sort()).toEqual([200, 410, 410, 410, 410]);
    expect((await memberIds()).filter((id) => id === bob.id)).toHaveLength(1);
  });

  it('hold a seat each, and no more are made than there are, when twenty are made at once', async () => {
    plan.seats = 4;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => status(invite(address()))));
    expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 403)).toHaveLength(17);
    await expect(invite(address())).rejects.toMatchObject({
      code: 'PLAN_LIMIT_REACHED',
      details: { feature: 'team_members', limit: 4, used: 4, resets_at: null },
    });
    // One that has expired holds none, and needs one again to be sent anew.
    const [earliest] = (await invitations.page(ann, organizationId, { skip: 2, limit: 1 })).items;
    offset = 8 * DAY_MS;
    for (let index = 0; index < 3; index++) await invite(address());
    expect(await status(invitations.resend(ann, organizationId, earliest?.id ?? ''))).toBe(403);
  });

  it('let in as many as there are seats when twenty accept at once after the plan has shrunk', async () => {
    const guests = await Promise.all(Array.from({ length: 20 }, () => guest(address())));
    for (const { email } of guests) await invite(email);
    const tokens: string[] = [];
    for (const { email } of guests) tokens.push((await mailed(email))[0] ?? '');
    plan.seats = 4;
    const outcomes = await Promise.all(
      guests.map((user, index) => status(acceptances.accept(actorOf(user), tokens[index] ?? ''))),
    );
    expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 403)).toHaveLength(17);
    expect(await memberIds()).toHaveLength(4);
    // A seat that becomes free is taken by the one who was too late.
    const [early, late] = [outcomes.indexOf(200), outcomes.indexOf(403)].map((index) => ({
      actor: actorOf(guests[index] as User),
      token: tokens[index] ?? '',
    })) as [{ actor: Actor; token: string }, { actor: Actor; token: string }];
    await core.get(MembersService).remove(ann, organizationId, early.actor.id);
    expect(await status(acceptances.accept(late.actor, late.token))).toBe(200);
  });

  it('let nobody in any more once somebody proves the address of the person who has sent them; members stay', async () => {
    const [accepted, pending] = [address(), address()];
    for (const email of [accepted, pending]) await invite(email);
    const bob = actorOf(await guest(accepted));
    await acceptances.accept(bob, (await mailed(accepted))[0] ?? '');
    const proof = await core.get(AddressProofs).prove(ann.id, ann.email ?? '', { waysIn: 'none' });
    expect(proof?.ended).toEqual({ 'invitations to organizations': 1 });
    const cid = actorOf(await guest(pending));
    const late = acceptances.accept(cid, (await mailed(pending))[0] ?? '');
    await expect(late).rejects.toMatchObject({ status: 410, details: { state: 'revoked' } });
    expect((await memberIds()).sort()).toEqual([ann.id, bob.id].sort());
  });

  it('are forgotten, with the address, a month after they expired', async () => {
    const email = address();
    const { id } = await invite(email);
    await mailed(email);
    const nightly = () => core.get(OrganizationsSchedule).purgeInvitations();
    offset = 36 * DAY_MS;
    await nightly();
    expect(await status(invitations.resend(ann, organizationId, id))).toBe(200);
    offset = 36 * DAY_MS + 38 * DAY_MS;
    await nightly();
    expect(await invitations.page(ann, organizationId, { skip: 0, limit: 5 })).toMatchObject({ total: 0 });
  });
});
