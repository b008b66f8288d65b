import { NotFound, PreconditionFailed } from '@platform/kernel';

/** 404: missing, deleted or somebody else's. */
export class ProjectNotFound extends NotFound {
  constructor(id: string) {
    super('Project', id);
  }
}

/** 412: the version that the caller saw is not the present one. */
export class ProjectChanged extends PreconditionFailed {
  constructor(id: string) {
    super('Project', id);
  }
}
