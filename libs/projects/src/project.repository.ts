import { Injectable } from '@nestjs/common';
import { Database, likePattern, type Parameters, type Statement, toDate } from '@platform/database';
import { type Actor, may, type OffsetPage, ownerScope } from '@platform/kernel';
import { Cursors, type ListPlace } from '@platform/security';
import { Project } from './entities/project.entity';
import { ProjectChanged, ProjectNotFound } from './projects.errors';
import * as sql from './project.statements';

/** Which slice of the actor's projects. */
export interface ProjectPageQuery {
  skip: number;
  limit: number;
  /** Part of the name, in any case; taken literally. The list is then ordered by name. */
  search?: string;
  /** Continue after the page that gave it; `skip` does not count then. */
  cursor?: string;
}

/** A slice of the list and the way to the next one; null on the last. */
export interface ProjectPage extends OffsetPage<Project> {
  readonly nextCursor: string | null;
}

/** Named queries on projects. Every lookup takes the actor and sees what they may see. */
@Injectable()
export class ProjectRepository {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /** One of the actor's projects. @throws ProjectNotFound when missing, deleted or somebody else's. */
  mustFind(actor: Actor, id: string): Promise<Project> {
    return this.one(sql.FIND_OWN, { id, owner_id: ownerScope(actor) });
  }

  /** As {@link mustFind}, held against other changes until the transaction ends. */
  mustLock(actor: Actor, id: string): Promise<Project> {
    return this.one(sql.LOCK_OWN, { id, owner_id: ownerScope(actor) });
  }

  /** Anybody's project, deleted or not, held as above; for callers who may restore. @throws ProjectNotFound to all others. */
  mustLockToRestore(actor: Actor, id: string): Promise<Project> {
    if (!may(actor, 'projects.restore')) throw new ProjectNotFound(id);
    return this.one(sql.LOCK_ANY, { id });
  }

  /**
   * The actor's projects with the count of all, in one round trip: newest first, by name when searched.
   * @throws ValidationFailed for a cursor of another list
   */
  async pageVisibleTo(actor: Actor, query: ProjectPageQuery): Promise<ProjectPage> {
    const { limit, search, skip } = query;
    const owner = ownerScope(actor);
    const list = `projects:${owner}:${search ?? ''}`;
    const after = this.cursors.read(list, query.cursor);
    const rows = await this.database.query<sql.ProjectPageRow>(pageStatement(search, after), {
      owner_id: owner,
      pattern: likePattern(search),
      after: after?.key,
      after_id: after?.id,
      // One more than asked for tells whether others follow.
      limit: limit + 1,
      skip,
    });
    const found = rows.flatMap((row) => (row.id === null ? [] : [projectOf(row)]));
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? this.cursors.after(list, placeOf(last, search)) : null;
    return { items, total: Number(rows[0]?.total ?? 0), skip, limit, nextCursor };
  }

  /** Store a new project. */
  async add(project: Project): Promise<void> {
    await this.database.execute(sql.INSERT, columnsOf(project));
  }

  /** Store the changes of a project. @throws ProjectChanged when somebody else stored one since it was read. */
  async save(project: Project): Promise<void> {
    if ((await this.database.execute(sql.UPDATE, columnsOf(project))) === 0) throw new ProjectChanged(project.id);
    project.version += 1;
  }

  /** Remove for good at most `limit` projects deleted before the time; returns how many. */
  purge(before: Date, limit: number): Promise<number> {
    return this.database.execute(sql.PURGE, { before, limit });
  }

  private async one(statement: Statement, parameters: Parameters & { id: string }): Promise<Project> {
    const [row] = await this.database.query<sql.ProjectRow>(statement, parameters);
    if (!row) throw new ProjectNotFound(parameters.id);
    return projectOf(row);
  }
}

function pageStatement(search: string | undefined, after: ListPlace | undefined): Statement {
  if (search === undefined) return after ? sql.PAGE_NEWEST_AFTER : sql.PAGE_NEWEST;
  return after ? sql.PAGE_MATCHING_AFTER : sql.PAGE_MATCHING;
}

function placeOf(project: Project, search: string | undefined): ListPlace {
  return { key: search === undefined ? project.createdAt.toISOString() : project.name, id: project.id };
}

function projectOf(row: sql.ProjectRow): Project {
  const project = new Project();
  project.id = row.id;
  project.name = row.name;
  project.description = row.description;
  project.ownerId = row.owner_id;
  project.version = row.version;
  project.deletedAt = row.deleted_at === null ? null : toDate(row.deleted_at);
  project.createdAt = toDate(row.created_at);
  project.updatedAt = toDate(row.updated_at);
  return project;
}

function columnsOf(project: Project): Parameters {
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    owner_id: project.ownerId,
    version: project.version,
    deleted_at: project.deletedAt,
    created_at: project.createdAt,
    updated_at: project.updatedAt,
  };
}
