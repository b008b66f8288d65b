import { type TestingModule } from '@nestjs/testing';
import { ProjectsModule, ProjectsService } from '@omni/projects';
import { UserDirectory, UsersModule } from '@omni/users';
import { Clock } from '@platform/kernel';
import { aProject } from '@testing/projects';
import { actorOf, aUser } from '@testing/users';
import { ProjectsWorkerModule } from '@worker/projects';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { ProjectsSchedule } from '../src/worker/projects.schedule';

const DAY_MS = 86_400_000;

describeEachDatabase('deleted projects', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    const settings = { PROJECTS_RETENTION_DAYS: '2' };
    core = await domainCore(test, [UsersModule, ProjectsModule, ProjectsWorkerModule], settings);
  });

  it('can be restored until the retention is over, then they are gone; others stay', async () => {
    let offset = 0;
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offset));
    const projects = core.get(ProjectsService);
    const ann = actorOf(await aUser(core.get(UserDirectory)), ['projects.restore']);
    const [early, late, kept] = [
      await aProject(projects, ann),
      await aProject(projects, ann),
      await aProject(projects, ann),
    ];
    const nightly = () => core.get(ProjectsSchedule).purgeDeleted();
    await projects.delete(ann, early.id);
    offset = DAY_MS;
    await projects.delete(ann, late.id);
    await nightly();
    expect(await projects.restore(ann, early.id)).toMatchObject({ id: early.id });
    await projects.delete(ann, early.id);
    offset = 3 * DAY_MS + 1;
    await nightly();
    await expect(projects.restore(ann, early.id)).rejects.toMatchObject({ status: 404 });
    await expect(projects.restore(ann, late.id)).rejects.toMatchObject({ status: 404 });
    expect((await projects.page(ann, { skip: 0, limit: 5 })).items.map(({ id }) => id)).toEqual([kept.id]);
  });
});
