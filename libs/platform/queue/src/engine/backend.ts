import { type BackendFactory, type ConnectionOptions, createRedisBackend, type IQueueBackend } from 'bullmq';
import { JobsConnection } from './jobs-connection';

/**
 * The backend of a queue, worker, flow or listener, chosen by its own connection: ours is on Redis or PostgreSQL, any
 * other is BullMQ's business. So two applications in one process may differ, although BullMQ and its module keep what
 * they are told for the whole process.
 */
export const backendOf: BackendFactory<IQueueBackend> = (name, options, kind) => {
  const connection = oursOf(options.connection);
  return connection ? connection.backend(name, options, kind) : createRedisBackend(name, options, kind);
};

/** The connection, if it is one of ours: BullMQ's types know Redis only. */
export function oursOf(connection: unknown): JobsConnection | undefined {
  return connection instanceof JobsConnection ? connection : undefined;
}

/** One of ours, as BullMQ's types want it; {@link backendOf} is the only one to look into it. */
export function asOptions(connection: JobsConnection): ConnectionOptions {
  return connection as unknown as ConnectionOptions;
}
