import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, Clock, Ids, ownerScope } from '@platform/kernel';
import { Events } from '@platform/queue';
import { ProjectCreated, ProjectDeleted, ProjectRestored, ProjectUpdated } from './contract';
import { Project, type ProjectChanges } from './entities/project.entity';
import { type ProjectPage, type ProjectPageQuery, ProjectRepository } from './project.repository';
import { ProjectChanged } from './projects.errors';

/** What a new project is made of. */
export interface NewProject {
  name: string;
  description?: string | null;
}

/** Published operations on projects: a project is seen and changed by the person who owns it, or who acts for its owner. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * A page of the actor's projects: newest first, or by name when searched.
   *
   * Success: the page, the count of all and the cursor of the next. Failure: `ValidationFailed` (422) for a cursor
   * of another list.
   */
  page(actor: Actor, query: ProjectPageQuery): Promise<ProjectPage> {
    return this.projects.pageVisibleTo(actor, query);
  }

  /**
   * One of the actor's projects.
   *
   * Success: the project. Failure: `ProjectNotFound` (404) when it is missing, deleted or somebody else's.
   */
  read(actor: Actor, id: string): Promise<Project> {
    return this.projects.mustFind(actor, id);
  }

  /**
   * Make a project that the actor owns.
   *
   * Success: the stored project, and `ProjectCreated`. Failure: none of its own.
   */
  @Transactional()
  async create(actor: Actor, input: NewProject): Promise<Project> {
    const project = new Project();
    project.id = this.ids.next();
    project.ownerId = ownerScope(actor);
    project.name = input.name;
    project.description = input.description ?? null;
    project.version = 1;
    project.deletedAt = null;
    project.createdAt = project.updatedAt = this.clock.now();
    await this.projects.add(project);
    await this.events.publish(new ProjectCreated(factsOf(project)));
    this.audit.note({ resourceType: 'project', resourceId: project.id, details: { after: valuesOf(project) } });
    return project;
  }

  /**
   * Change a project of the actor; `changes` without a difference change nothing.
   *
   * Success: the project as stored, and `ProjectUpdated`. Failure: `ProjectNotFound` (404); `ProjectChanged` (412)
   * when `version` is given and is not the present one.
   */
  @Transactional()
  async update(actor: Actor, id: string, changes: ProjectChanges, version?: number): Promise<Project> {
    const project = await this.mustLockAt(actor, id, version);
    const before = valuesOf(project);
    const changed = project.change(changes);
    if (changed.length === 0) return project;
    await this.store(project);
    await this.events.publish(new ProjectUpdated({ ...factsOf(project), changed }));
    this.audit.note({ details: { before, after: valuesOf(project) } });
    return project;
  }

  /**
   * Put a project of the actor out of sight; an admin can restore it until it is purged.
   *
   * Success: nothing, and `ProjectDeleted`. Failure: `ProjectNotFound` (404), also when it is deleted already;
   * `ProjectChanged` (412) as for {@link update}.
   */
  @Transactional()
  async delete(actor: Actor, id: string, version?: number): Promise<void> {
    const project = await this.mustLockAt(actor, id, version);
    project.deletedAt = this.clock.now();
    await this.store(project);
    await this.events.publish(new ProjectDeleted(factsOf(project)));
    this.audit.note({ details: { before: valuesOf(project) } });
  }

  /**
   * Bring back a deleted project, whoever owns it; the caller must hold `projects.restore`.
   *
   * Success: the project, and `ProjectRestored`; a project that is not deleted stays as it is. Failure:
   * `ProjectNotFound` (404) when it never existed or is purged.
   */
  @Transactional()
  async restore(actor: Actor, id: string): Promise<Project> {
    const project = await this.projects.mustLockToRestore(actor, id);
    if (project.deletedAt === null) return project;
    project.deletedAt = null;
    await this.store(project);
    await this.events.publish(new ProjectRestored(factsOf(project)));
    this.audit.note({ details: { after: valuesOf(project) } });
    return project;
  }

  private async mustLockAt(actor: Actor, id: string, version: number | undefined): Promise<Project> {
    const project = await this.projects.mustLock(actor, id);
    if (version !== undefined && version !== project.version) throw new ProjectChanged(id);
    return project;
  }

  private async store(project: Project): Promise<void> {
    project.updatedAt = this.clock.now();
    await this.projects.save(project);
  }
}

function factsOf(project: Project): { project_id: string; owner_id: string } {
  return { project_id: project.id, owner_id: project.ownerId };
}

function valuesOf(project: Project): { name: string; description: string | null } {
  return { name: project.name, description: project.description };
}
