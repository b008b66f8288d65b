import { type Input } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { type Project } from '../entities/project.entity';
import { type ProjectsService } from '../projects.service';

let serial = 0;

/** A stored project of the actor, made by the service; give only what the test is about. */
export function aProject(
  projects: ProjectsService,
  actor: Actor,
  input: Partial<Input<typeof Project>> = {},
): Promise<Project> {
  serial += 1;
  return projects.create(actor, { name: `Project ${serial}`, ...input });
}
