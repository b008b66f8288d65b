import { Injectable } from '@nestjs/common';
import { contains, folded, repositoryOf } from '@platform/database';
import { type Actor, may, NotFound, ownerScope, type Page, type PageQuery } from '@platform/kernel';
import { Project } from './entities/project.entity';

/** Which page of the actor's projects. */
export interface ProjectQuery extends PageQuery {
  /** Part of the name, in any case; taken literally. The list is then ordered by name. */
  readonly search?: string;
}

/** Named queries on projects. Every lookup takes the actor and sees what the actor may see. */
@Injectable()
export class ProjectRepository extends repositoryOf(Project) {
  private readonly any = this.rows('TRUE');
  private readonly own = this.rows('owner_id = :owner AND deleted_at IS NULL');
  private readonly newest = this.own.orderedBy('created_at DESC');
  private readonly byName = this.own.and(contains('name', 'search')).orderedBy(folded('name'));
  private readonly expired = this.rows('deleted_at < :before');

  /** One of the actor's projects. @throws NotFound when missing, deleted or somebody else's */
  mustFind(actor: Actor, id: string): Promise<Project> {
    return this.own.mustFind({ id, owner: ownerScope(actor) });
  }

  /** As {@link mustFind}, held until the transaction ends. @throws PreconditionFailed when `version` is not the present one */
  mustLock(actor: Actor, id: string, version?: number): Promise<Project> {
    return this.own.mustLock({ id, owner: ownerScope(actor) }, version);
  }

  /** Anybody's project, deleted or not, held as above; for callers who may restore. @throws NotFound to all others */
  async mustLockToRestore(actor: Actor, id: string): Promise<Project> {
    if (!may(actor, 'projects.restore')) throw new NotFound('Project', id);
    return this.any.mustLock({ id });
  }

  /** The actor's projects: newest first, by name when searched. @throws ValidationFailed for a cursor of another list */
  pageVisibleTo(actor: Actor, { search, ...query }: ProjectQuery): Promise<Page<Project>> {
    const owner = ownerScope(actor);
    return search === undefined ? this.newest.page({ owner }, query) : this.byName.page({ owner, search }, query);
  }

  /** Remove for good what was deleted before the time; returns how many. */
  purge(before: Date): Promise<number> {
    return this.expired.deleteInBatches({ before });
  }
}
