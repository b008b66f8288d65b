import { type BackendFactory, type IQueueBackend } from 'bullmq';

/**
 * Where BullMQ's queues live. It stands as `connection` in the options of every queue, worker and flow of the process,
 * and makes the backend of each.
 */
export abstract class JobsConnection {
  /** For logs and the operator. */
  abstract readonly name: string;

  /** First part of every key, where keys have one. */
  abstract readonly prefix?: string;

  /** What the other side refuses until somebody changes something, with the fix; undefined for an outage. */
  abstract refusalOf(error: unknown): string | undefined;

  /** A backend with connections of its own, which it opens in the background. */
  abstract backend(...made: Parameters<BackendFactory<IQueueBackend>>): IQueueBackend;
}
