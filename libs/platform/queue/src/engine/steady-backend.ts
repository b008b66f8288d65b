import {
  databaseErrorCode,
  demandSessions,
  GuardedClient,
  isTransient,
  type Place,
  refusalOf,
} from '@platform/database';
import {
  assertSchemaCompatibility,
  ConnectionClosedError,
  LATEST_SCHEMA_VERSION,
  type PgPoolClient,
  PostgresConnection,
  type PostgresPoolConfig,
  PostgresQueueBackend,
  type QueueBaseOptions,
  runMigrations,
  SchemaMigrationRequiredError,
} from 'bullmq';
import { Pool } from 'pg';
import { within } from './bounded';

const CLOSE_MS = 1_000;

/** No such table, function or type: in a schema that is ours alone. */
const SCHEMA_LOST = /^(42P01|42883|42704)$/;

/** BullMQ's PostgreSQL, which waits for jobs no longer than its Redis does: a notification may have been lost. */
export class SteadyBackend extends PostgresQueueBackend {
  constructor(
    private readonly steady: SteadyConnection,
    name: string,
    options: QueueBaseOptions<PostgresPoolConfig>,
    listensAs?: string,
  ) {
    super(steady, name, options, true, listensAs);
  }

  /** As BullMQ's own, which would remember a first failure for ever. */
  override async waitUntilReady(): Promise<void> {
    await this.steady.waitUntilReady();
    await super.waitUntilReady();
  }

  /** Bounded: a PostgreSQL that is away never says good-bye. */
  override close(force?: boolean): Promise<void> {
    return within(CLOSE_MS, super.close(force), () => this.disconnect());
  }

  override get maximumBlockTimeout(): number {
    return 10;
  }
}

/** BullMQ's connections, which come back whenever PostgreSQL ended them, refused them or was away. */
export class SteadyConnection extends PostgresConnection {
  private ready?: Promise<void>;
  private listening?: unknown;

  constructor(
    config: PostgresPoolConfig,
    private readonly place: Place,
  ) {
    super({ ...config, Client: GuardedClient });
    // BullMQ makes the LISTEN connection from the driver's own class and attaches its listener late; there is no option.
    Object.assign(this, { pgModule: { Pool, Client: GuardedClient } });
    const query = this.pool.query.bind(this.pool);
    this.pool.query = (text, values) =>
      query(text, values).catch((error: unknown) => Promise.reject(this.known(error)));
  }

  /** As BullMQ's own, but a failure is not kept for ever, and no right is asked for that goes unused. */
  override waitUntilReady(): Promise<void> {
    this.ready ??= this.prepare().catch((error: unknown) => {
      this.ready = undefined;
      throw this.known(error);
    });
    return this.ready;
  }

  /** As BullMQ's own, but each new connection listens: LISTEN and the end of the one before may arrive together. */
  override async getListenClient() {
    const client = await super.getListenClient();
    if (this.listening !== client) await client.query('LISTEN bullmq_jobs');
    this.listening = client;
    return client;
  }

  private async prepare(): Promise<void> {
    // The constructor had BullMQ make it of the driver's class.
    await demandSessions(this.pool as unknown as Pool, this.place);
    const client = await this.pool.connect();
    try {
      await bringUpToDate(client, this.schema);
    } finally {
      client.release();
    }
    setImmediate(() => this.emit('ready'));
  }

  /** BullMQ tries again, a second later, after what it knows for a lost connection; after all else its loops end. */
  private known(error: unknown): unknown {
    const isSchemaLost = SCHEMA_LOST.test(databaseErrorCode(error));
    // Dropped, or closed to us: the next one to ask makes it anew, or is told what is missing.
    if (isSchemaLost) this.ready = undefined;
    const passes = isSchemaLost || isTransient(error) || refusalOf(error, this.place) !== undefined;
    return passes && error instanceof Error ? new ConnectionClosedError(error.message, error) : error;
  }
}

async function bringUpToDate(client: PgPoolClient, schema: string): Promise<void> {
  if ((await versionOf(client, schema)) >= LATEST_SCHEMA_VERSION) return;
  const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  // PostgreSQL asks for the right to make schemas even where IF NOT EXISTS would make none.
  const isThere = (text: string): boolean => rows.length > 0 && text.startsWith('CREATE SCHEMA');
  const query = <R>(text: string, values?: readonly unknown[]) =>
    client.query<R>(isThere(text) ? 'SELECT 1' : text, values);
  await runMigrations({ query }, schema);
}

async function versionOf(client: PgPoolClient, schema: string): Promise<number> {
  try {
    return await assertSchemaCompatibility(client, schema);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  }
}
