import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { applyChanges, type Changes, changeableValues, type Input, Transactional } from '@platform/database';
import { type Actor, Clock, ownerScope, type Page } from '@platform/kernel';
import { Events } from '@platform/queue';
import { ProjectCreated, ProjectDeleted, type ProjectFacts, ProjectRestored, ProjectUpdated } from './contract';
import { type Project } from './entities/project.entity';
import { ProjectRepository, type ProjectQuery } from './project.repository';
import { ProjectsConfig } from './projects.config';

const DAY_MS = 86_400_000;

/** Published operations on projects: a project is seen and changed by the person who owns it, or who acts for its owner. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly config: ProjectsConfig,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** A page of the actor's projects: newest first, or by name when searched. @throws ValidationFailed (422) */
  page(actor: Actor, query: ProjectQuery): Promise<Page<Project>> {
    return this.projects.pageVisibleTo(actor, query);
  }

  /** One of the actor's projects. @throws NotFound (404) when it is missing, deleted or somebody else's */
  read(actor: Actor, id: string): Promise<Project> {
    return this.projects.mustFind(actor, id);
  }

  /** Make a project that the actor owns; publishes `ProjectCreated`. */
  @Transactional()
  async create(actor: Actor, { description, name }: Input<typeof Project>): Promise<Project> {
    const project = await this.projects.add({ name, description, ownerId: ownerScope(actor) });
    await this.events.publish(new ProjectCreated(factsOf(project)));
    const after = changeableValues(project);
    this.audit.note({ resourceType: 'project', resourceId: project.id, details: { after } });
    return project;
  }

  /**
   * Change a project of the actor; publishes `ProjectUpdated` when something differs.
   * @throws NotFound (404); PreconditionFailed (412) when `version` is given and is not the present one
   */
  @Transactional()
  async update(actor: Actor, id: string, changes: Changes<typeof Project>, version?: number): Promise<Project> {
    const project = await this.projects.mustLock(actor, id, version);
    const before = changeableValues(project);
    const changed = applyChanges(project, changes);
    if (changed.length === 0) return project;
    await this.projects.save(project);
    await this.events.publish(new ProjectUpdated({ ...factsOf(project), changed }));
    this.audit.note({ details: { before, after: changeableValues(project) } });
    return project;
  }

  /**
   * Put a project of the actor out of sight until an admin restores it or it is purged; publishes `ProjectDeleted`.
   * @throws NotFound (404), also when it is deleted already; PreconditionFailed (412) as for {@link update}
   */
  @Transactional()
  async delete(actor: Actor, id: string, version?: number): Promise<void> {
    const project = await this.projects.mustLock(actor, id, version);
    project.deletedAt = this.clock.now();
    await this.projects.save(project);
    await this.events.publish(new ProjectDeleted(factsOf(project)));
    this.audit.note({ details: { before: changeableValues(project) } });
  }

  /**
   * Bring back a deleted project, whoever owns it; publishes `ProjectRestored`. One that is not deleted stays as it is.
   * @throws NotFound (404) when it never existed or is purged, and to callers without `projects.restore`
   */
  @Transactional()
  async restore(actor: Actor, id: string): Promise<Project> {
    const project = await this.projects.mustLockToRestore(actor, id);
    if (project.deletedAt === null) return project;
    project.deletedAt = null;
    await this.projects.save(project);
    await this.events.publish(new ProjectRestored(factsOf(project)));
    this.audit.note({ details: { after: changeableValues(project) } });
    return project;
  }

  /** Remove for good what was deleted longer ago than the retention; returns how many. */
  purge(): Promise<number> {
    return this.projects.purge(new Date(this.clock.now().getTime() - this.config.retentionDays * DAY_MS));
  }
}

function factsOf(project: Project): ProjectFacts {
  return { project_id: project.id, owner_id: project.ownerId };
}
