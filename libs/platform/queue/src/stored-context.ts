import { type Actor, currentContext, Ids, systemActor, type WorkContext } from '@platform/kernel';
import { type ClaimedJob, type StoredContext } from './ledger/job-record';

/** What of the running work travels with a row. Permissions do not: the work runs as the system. */
export function contextToStore(ids: Ids): StoredContext {
  const context = currentContext();
  const stored: StoredContext = { requestId: context?.requestId ?? ids.next() };
  const actor = context?.onBehalfOf ?? (context?.actor && summaryOf(context.actor));
  if (actor) stored.actor = actor;
  if (context?.traceparent) stored.traceparent = context.traceparent;
  return stored;
}

function summaryOf(actor: Actor): NonNullable<StoredContext['actor']> {
  return actor.role === undefined
    ? { kind: actor.kind, id: actor.id }
    : { kind: actor.kind, id: actor.id, role: actor.role };
}

/** The context in which a row is worked on: the system acts, for the one who asked. */
export function contextToRun(job: ClaimedJob): WorkContext {
  const { requestId, actor, traceparent } = job.context;
  return { requestId, actor: systemActor(`${job.kind}:${job.name}`), onBehalfOf: actor, traceparent };
}
