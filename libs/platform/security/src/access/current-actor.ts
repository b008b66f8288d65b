import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Actor, currentContext } from '@platform/kernel';

/** The actor of the running request; the value of {@link CurrentActor}. */
export function currentActor(context: Pick<ExecutionContext, 'getClass' | 'getHandler'>): Actor {
  const actor = currentContext()?.actor;
  if (actor) return actor;
  const route = `${context.getClass().name}.${context.getHandler().name}`;
  throw new Error(
    `@CurrentActor() on ${route}: nobody was authenticated. Say @Can('…') on the route, or drop the parameter`,
  );
}

/** Parameter of a route: who calls. On a public route it is the anonymous actor, whatever credentials were sent. */
export const CurrentActor = createParamDecorator((_data: undefined, context: ExecutionContext) =>
  currentActor(context),
);
