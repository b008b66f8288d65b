import { type Place, refusalOf } from '@platform/database';
import { type BackendFactory, ConnectionClosedError, type IQueueBackend } from 'bullmq';
import { TIMEOUT_MS } from './carrier';
import { JobsConnection } from './jobs-connection';
import { SteadyBackend, SteadyConnection } from './steady-backend';

/** BullMQ on PostgreSQL, in a schema and on pools of its own. */
export class PostgresJobs extends JobsConnection {
  readonly name = 'bullmq-postgres';
  readonly prefix = undefined;

  constructor(
    private readonly place: Place,
    private readonly schema: string,
  ) {
    super();
  }

  refusalOf(error: unknown): string | undefined {
    const told = error instanceof ConnectionClosedError ? error.cause : error;
    return refusalOf(told, this.place, this.schema)?.problems.join('; ');
  }

  backend(...[name, options, kind = {}]: Parameters<BackendFactory<IQueueBackend>>): IQueueBackend {
    const connection = {
      connectionString: this.place.url,
      schema: this.schema,
      connectionTimeoutMillis: TIMEOUT_MS,
      keepAlive: true,
      max: kind.withBlockingConnection ? 4 : 2,
    };
    const listensAs = kind.withBlockingConnection ? name : kind.blocking ? `${name}:qe` : undefined;
    const steady = new SteadyConnection(connection, this.place);
    return new SteadyBackend(steady, name, { ...options, connection }, listensAs);
  }
}
