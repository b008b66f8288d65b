import { domainEvent } from '@platform/kernel';

/** Facts that every event of a project carries. */
export type ProjectFacts = { project_id: string; owner_id: string };

/** A project exists. */
export class ProjectCreated extends domainEvent<ProjectFacts>('projects.project_created', 'A project exists') {}

/** Fields of a project have new values; `changed` lists their wire names. */
export class ProjectUpdated extends domainEvent<ProjectFacts & { changed: string[] }>(
  'projects.project_updated',
  'Fields of a project have new values',
) {}

/** A project is out of sight; it can be restored until it is purged. */
export class ProjectDeleted extends domainEvent<ProjectFacts>(
  'projects.project_deleted',
  'A project is out of sight',
) {}

/** A deleted project is back. */
export class ProjectRestored extends domainEvent<ProjectFacts>(
  'projects.project_restored',
  'A deleted project is back',
) {}
