import { type TestingModule } from '@nestjs/testing';
import { ProjectsModule, ProjectsService } from '@omni/projects';
import { UserDirectory, UsersModule } from '@omni/users';
import { Database, Migrator, statement } from '@platform/database';
import { type Actor, PreconditionFailed, ValidationFailed } from '@platform/kernel';
import { Events } from '@platform/queue';
import { aProject } from '@testing/projects';
import { actorOf, aUser } from '@testing/users';
import { ProjectUpdated } from '@contract/projects';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { ProjectRepository } from '../src/project.repository';

const NOWHERE = '0198f1c2-6f3a-7000-8000-000000000001';
const EVENTS = statement('test.project-events', `SELECT name FROM jobs WHERE kind = 'event' ORDER BY id`);

describeEachDatabase('own projects', (test) => {
  let core: TestingModule;
  let projects: ProjectsService;
  let ann: Actor;
  let bob: Actor;

  beforeAll(async () => {
    core = await domainCore(test, [UsersModule, ProjectsModule]);
    projects = core.get(ProjectsService);
  });
  beforeEach(async () => {
    ann = actorOf(await aUser(core.get(UserDirectory)));
    bob = actorOf(await aUser(core.get(UserDirectory)));
  });

  const names = async (query: { search?: string; limit?: number; skip?: number; cursor?: string } = {}) => {
    const page = await projects.page(ann, { skip: 0, limit: 20, ...query });
    return page.items.map((project) => project.name);
  };

  it('are listed newest first with the count of all, which an empty slice brings, too', async () => {
    for (const name of ['one', 'two', 'three']) await aProject(projects, ann, { name });
    await aProject(projects, bob);
    expect(await projects.page(ann, { skip: 1, limit: 1 })).toMatchObject({ total: 3, items: [{ name: 'two' }] });
    expect(await projects.page(ann, { skip: 7, limit: 5 })).toEqual({
      items: [],
      total: 3,
      skip: 7,
      limit: 5,
      nextCursor: null,
    });
    expect(await names()).toEqual(['three', 'two', 'one']);
  });

  it('are walked by cursor to the end, each once, while newer ones appear', async () => {
    for (let index = 0; index < 7; index++) await aProject(projects, ann, { name: `p${index}` });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await projects.page(ann, { skip: 0, limit: 3, cursor });
      seen.push(...page.items.map((project) => project.name));
      cursor = page.nextCursor ?? undefined;
      await aProject(projects, ann, { name: 'newer' });
    } while (cursor);
    expect(seen).toEqual(['p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']);
  });

  it('are found by a part of their name in any case and alphabet, taken literally, in the order of names', async () => {
    for (const name of ['Über Äpfel', 'über alles', '100% sure', 'under_score', 'back\\slash', 'unter']) {
      await aProject(projects, ann, { name });
    }
    expect(await names({ search: 'ÜBER' })).toEqual(['über alles', 'Über Äpfel']);
    expect(await names({ search: '%' })).toEqual(['100% sure']);
    expect(await names({ search: '_' })).toEqual(['under_score']);
    expect(await names({ search: '\\' })).toEqual(['back\\slash']);
    expect(await names({ search: `' OR 1=1 --` })).toEqual([]);
  });

  it('are found however their accents are typed, and in capitals, in every locale', async () => {
    for (const name of ['Crème', 'Москва']) await aProject(projects, ann, { name });
    for (const search of ['crème', 'CRÈME', 'crème'.normalize('NFD'), 'CRÈME'.normalize('NFD')]) {
      expect(await names({ search })).toEqual(['Crème']);
    }
    expect([await names({ search: 'москва' }), await names({ search: 'МОСК' })]).toEqual([['Москва'], ['Москва']]);
    expect(await names({ search: 'creme' })).toEqual([]);
  });

  it('are walked by cursor in the order of names when searched', async () => {
    for (const name of ['b', 'A', 'a', 'C', 'B']) await aProject(projects, ann, { name: `x${name}` });
    const first = await projects.page(ann, { skip: 0, limit: 2, search: 'X' });
    const second = await projects.page(ann, { skip: 0, limit: 9, search: 'X', cursor: first.nextCursor ?? '' });
    const all = [...first.items, ...second.items].map((project) => project.name.toLowerCase());
    expect(all).toEqual(['xa', 'xa', 'xb', 'xb', 'xc']);
    expect(second).toMatchObject({ total: 5, nextCursor: null });
  });

  it('refuse the cursor of another person or another search', async () => {
    for (let index = 0; index < 2; index++) await aProject(projects, ann);
    const { nextCursor } = await projects.page(ann, { skip: 0, limit: 1 });
    const cursor = nextCursor ?? '';
    await expect(projects.page(bob, { skip: 0, limit: 1, cursor })).rejects.toThrow(ValidationFailed);
    await expect(projects.page(ann, { skip: 0, limit: 1, cursor, search: 'x' })).rejects.toThrow(ValidationFailed);
  });

  it('look like missing ones to everybody else', async () => {
    const { id } = await aProject(projects, ann);
    const facts = (error: unknown) => ({ ...(error as object), details: undefined, message: (error as Error).message });
    const refusal = async (work: Promise<unknown>) =>
      facts(
        await work.then(
          () => null,
          (error: unknown) => error,
        ),
      );
    const missing = await refusal(projects.read(bob, NOWHERE));
    expect(missing).toMatchObject({ status: 404, message: 'Project not found' });
    expect(await refusal(projects.read(bob, id))).toEqual(missing);
    expect(await refusal(projects.update(bob, id, { name: 'mine' }))).toEqual(missing);
    expect(await refusal(projects.delete(bob, id))).toEqual(missing);
    expect(await refusal(projects.restore(bob, id))).toEqual(missing);
    expect((await projects.read(ann, id)).version).toBe(1);
  });

  it('of a tenant look like missing ones to whoever does not act for it, its own members included', async () => {
    const acting = (actor: Actor, tenantId: string): Actor => ({ ...actor, tenantId, tenantRole: 'member' });
    const [ours, theirs] = ['0198f1c2-6f3a-7000-8000-00000000000a', '0198f1c2-6f3a-7000-8000-00000000000b'];
    const { id } = await aProject(projects, acting(ann, ours), { name: 'shared' });
    expect(await projects.read(acting(bob, ours), id)).toMatchObject({ name: 'shared', ownerId: ours });
    // Its maker for themselves, a member of both for the other one, and somebody of the other one.
    for (const outside of [ann, acting(ann, theirs), acting(bob, theirs)]) {
      for (const work of [
        () => projects.read(outside, id),
        () => projects.update(outside, id, { name: 'mine' }),
        () => projects.delete(outside, id),
      ]) {
        await expect(work()).rejects.toMatchObject({ status: 404, details: { resource: 'Project', id } });
      }
      expect(await projects.page(outside, { skip: 0, limit: 20 })).toMatchObject({ total: 0, items: [] });
    }
    const { nextCursor } = await aProject(projects, acting(ann, ours)).then(() =>
      projects.page(acting(ann, ours), { skip: 0, limit: 1 }),
    );
    const cursor = nextCursor ?? '';
    await expect(projects.page(ann, { skip: 0, limit: 1, cursor })).rejects.toThrow(ValidationFailed);
    expect(await projects.page(acting(bob, ours), { skip: 0, limit: 1, cursor })).toMatchObject({ total: 2 });
  });

  it('take only the given changes, count them, and tell nobody when nothing differs', async () => {
    const { id } = await aProject(projects, ann, { name: 'old', description: 'kept' });
    const told: string[][] = [];
    core.get(Events).onCommitted(ProjectUpdated, ({ payload }) => {
      if (payload.project_id === id) told.push(payload.changed);
    });
    expect(await projects.update(ann, id, { name: 'new' })).toMatchObject({
      name: 'new',
      description: 'kept',
      version: 2,
    });
    expect(await projects.update(ann, id, { name: 'new' })).toMatchObject({ version: 2 });
    expect(await projects.update(ann, id, { description: null })).toMatchObject({ description: null, version: 3 });
    expect(told).toEqual([['name'], ['description']]);
    expect(await projects.read(ann, id)).toMatchObject({ name: 'new', description: null, version: 3 });
  });

  it('let one of two changes of the same version through', async () => {
    const { id } = await aProject(projects, ann);
    const change = (name: string) => projects.update(ann, id, { name }, 1);
    const outcomes = await Promise.allSettled([change('first'), change('second')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toBeInstanceOf(PreconditionFailed);
  });

  it('lose no change when many come at once without a version', async () => {
    const { id } = await aProject(projects, ann);
    await Promise.all(Array.from({ length: 20 }, (_, index) => projects.update(ann, id, { name: `n${index}` })));
    expect((await projects.read(ann, id)).version).toBe(21);
  });

  it('are not overwritten by a person who read them before the last change', async () => {
    const { id } = await aProject(projects, ann);
    const repository = core.get(ProjectRepository);
    const stale = await repository.mustFind(ann, id);
    await projects.update(ann, id, { name: 'newer' });
    stale.name = 'stale';
    await expect(repository.save(stale)).rejects.toBeInstanceOf(PreconditionFailed);
    expect(await projects.read(ann, id)).toMatchObject({ name: 'newer' });
  });

  it('are out of sight once deleted, and back once somebody who may restores them', async () => {
    const { id } = await aProject(projects, ann, { name: 'gone' });
    await projects.delete(ann, id);
    expect(await names()).toEqual([]);
    await expect(projects.read(ann, id)).rejects.toMatchObject({ status: 404 });
    await expect(projects.delete(ann, id)).rejects.toMatchObject({ status: 404 });
    const admin = { ...bob, permissions: new Set(['projects.restore']) };
    expect(await projects.restore(admin, id)).toMatchObject({ name: 'gone', deletedAt: null });
    expect(await projects.restore(admin, id)).toMatchObject({ version: 3 });
    expect(await names()).toEqual(['gone']);
  });

  it('leave neither row nor event when the surrounding work fails', async () => {
    const database = core.get(Database);
    const before = await database.query(EVENTS);
    const work = database.unitOfWork(async () => {
      await aProject(projects, ann, { name: 'never' });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await names()).toEqual([]);
    expect(await database.query(EVENTS)).toEqual(before);
  });

  it('have the tables that their entities describe', async () => {
    expect(await core.get(Migrator).drift()).toEqual([]);
  });
});
