import { Inject, Injectable } from '@nestjs/common';
import { DECLARATIONS } from '@platform/config';
import { type DomainDeclaration, type DomainEventClass, type JobContract } from '@platform/kernel';

/** The jobs and events that the domains of this process declare, by name. */
@Injectable()
export class DeclaredWork {
  readonly jobs: ReadonlyMap<string, JobContract>;
  readonly events: ReadonlyMap<string, DomainEventClass>;

  constructor(@Inject(DECLARATIONS) declarations: readonly DomainDeclaration[]) {
    this.jobs = new Map(
      declarations.flatMap((domain) => domain.jobs ?? []).map((contract) => [contract.name, contract] as const),
    );
    this.events = new Map(
      declarations.flatMap((domain) => domain.events ?? []).map((event) => [event.type, event] as const),
    );
  }
}
