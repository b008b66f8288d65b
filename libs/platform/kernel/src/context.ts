import { AsyncLocalStorage } from 'node:async_hooks';
import { type Actor } from './actor';

/** What travels with a request or a job through every await. */
export interface WorkContext {
  /** Id of the request that began it all; in log lines, audit rows, jobs and error answers. */
  requestId: string;
  /** Who acts; set by the authenticator. */
  actor?: Actor;
  /** In a job: who asked for it. The job itself runs as the system. */
  onBehalfOf?: { kind: Actor['kind']; id: string; role?: string };
  /** The address of the client, when there is one. */
  clientAddress?: string;
  userAgent?: string;
  /** W3C `traceparent` of the work that caused this, if any. */
  traceparent?: string;
}

const storage = new AsyncLocalStorage<WorkContext>();

/** The context of the running work, or undefined outside of any. */
export function currentContext(): WorkContext | undefined {
  return storage.getStore();
}

/** Run `work` in `context`; everything that it awaits sees it. */
export function runInContext<T>(context: WorkContext, work: () => T): T {
  return storage.run(context, work);
}
