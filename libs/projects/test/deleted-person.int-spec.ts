import { randomUUID } from 'node:crypto';
import { type TestingModule } from '@nestjs/testing';
import { ProjectsModule, ProjectsService } from '@omni/projects';
import { UserDirectory, UsersModule } from '@omni/users';
import { SubjectData } from '@platform/database';
import { aProject } from '@testing/projects';
import { actorOf, aUser } from '@testing/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';

describeEachDatabase('projects of a person who is deleted', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, [UsersModule, ProjectsModule]);
  });

  it('are gone, deleted ones and a late one included; those of their organization and of others stay', async () => {
    const projects = core.get(ProjectsService);
    const data = core.get(SubjectData);
    const [ann, bob] = [actorOf(await aUser(core.get(UserDirectory))), actorOf(await aUser(core.get(UserDirectory)))];
    const annAtWork = { ...ann, tenantId: randomUUID() };
    const [own, dropped] = [await aProject(projects, ann), await aProject(projects, ann)];
    await projects.delete(ann, dropped.id);
    const [common, others] = [await aProject(projects, annAtWork), await aProject(projects, bob)];
    expect(await data.erase('person', ann.id)).toMatchObject({ projects: 2, users: 1 });
    await expect(projects.read(ann, own.id)).rejects.toMatchObject({ status: 404 });
    expect((await projects.read(annAtWork, common.id)).id).toBe(common.id);
    expect((await projects.read(bob, others.id)).id).toBe(others.id);
    // A request that was under way when the account went.
    await aProject(projects, ann);
    expect(await data.erase('person', ann.id)).toMatchObject({ projects: 1, users: 0 });
    expect(await data.erase('tenant', annAtWork.tenantId)).toMatchObject({ projects: 1 });
  });
});
