import { type Place, refusalOf } from '@platform/database';
import { type BackendFactory, ConnectionClosedError, type Job, type PostgresPoolConfig, Queue, Worker } from 'bullmq';
import { type BullCarrier, type HandOver, JOB_OPTIONS, QUEUE, TIMEOUT_MS, WORKER_OPTIONS } from './bull-carrier';
import { SteadyBackend, SteadyConnection } from './steady-backend';

/** BullMQ on PostgreSQL, in a schema and on pools of its own. */
export function postgresCarrier(place: Place, schema: string): BullCarrier {
  const connection: PostgresPoolConfig = {
    connectionString: place.url,
    schema,
    connectionTimeoutMillis: TIMEOUT_MS,
    keepAlive: true,
  };
  const backend: BackendFactory<SteadyBackend, PostgresPoolConfig> = (name, options, kind = {}) => {
    const listensAs = kind.withBlockingConnection ? name : undefined;
    return new SteadyBackend(new SteadyConnection(options.connection, place), name, options, true, listensAs);
  };
  return {
    name: 'bullmq-postgres',
    refusalOf: (error) =>
      refusalOf(error instanceof ConnectionClosedError ? error.cause : error, place, schema)?.problems.join('; '),
    queue: () => new Queue(QUEUE, { defaultJobOptions: JOB_OPTIONS, connection: { ...connection, max: 2 } }, backend),
    worker: (take, concurrency) =>
      new Worker(
        QUEUE,
        (job: Job<HandOver>) => take(job.data),
        { ...WORKER_OPTIONS, concurrency, connection: { ...connection, max: 4 } },
        backend,
      ),
  };
}
