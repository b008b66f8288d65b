import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type DomainEventClass } from '@platform/kernel';
import { Events } from '@platform/queue';
import { Realtime } from '@platform/realtime';
import { ProjectCreated, ProjectDeleted, type ProjectFacts, ProjectRestored, ProjectUpdated } from '../contract';

/** Tells the sockets of a project's owner, or of all who belong to it, what became of it, once it is committed. */
@Injectable()
export class ProjectsGateway implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  /** Begin to listen. */
  onModuleInit(): void {
    this.forward(ProjectCreated, 'created');
    this.forward(ProjectUpdated, 'updated');
    this.forward(ProjectDeleted, 'deleted');
    this.forward(ProjectRestored, 'created');
  }

  private forward<P extends ProjectFacts>(event: DomainEventClass<P>, action: 'created' | 'updated' | 'deleted'): void {
    this.events.onCommitted(event, ({ payload }) => {
      const { owner_id, project_id } = payload;
      this.realtime.toOwner(owner_id, { type: 'update', resource: 'project', action, resource_id: project_id });
    });
  }
}
