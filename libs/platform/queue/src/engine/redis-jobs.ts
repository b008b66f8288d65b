import { isReadOnly, refusalOf, userOf } from '@platform/cache';
import {
  type BackendFactory,
  createRedisBackend,
  type IQueueBackend,
  QueueKeys,
  RedisConnection,
  type RedisOptions,
  RedisQueueBackend,
} from 'bullmq';
import { timely, within } from './bounded';
import { TIMEOUT_MS } from './carrier';
import { JobsConnection } from './jobs-connection';

const CLOSE_MS = 1_000;
/** Pause before Redis is asked again for what it refused: only a person ends a refusal. */
const REFUSED_MS = 5_000;

/** BullMQ on Redis. */
export class RedisJobs extends JobsConnection {
  readonly name = 'bullmq-redis';

  constructor(
    private readonly url: string,
    readonly prefix: string,
  ) {
    super();
  }

  refusalOf(error: unknown): string | undefined {
    return refusalOf(error, { user: userOf(this.url), names: `${this.prefix}:*` });
  }

  backend(...[name, options, kind = {}]: Parameters<BackendFactory<IQueueBackend>>): IQueueBackend {
    const connection: RedisOptions = {
      url: this.url,
      connectTimeout: TIMEOUT_MS,
      retryStrategy: backoff,
      reconnectOnError: isReadOnly,
    };
    if (kind.blocking || kind.withBlockingConnection) {
      // What blocks waits for Redis to come back, however long that takes.
      return createRedisBackend(name, { ...options, connection: { ...connection, maxRetriesPerRequest: null } }, kind);
    }
    const keys = new QueueKeys(prefixOf(options));
    const toKey = (type: string) => keys.toKey(name, type);
    const asking = new AskingConnection(connection, (error) => this.refusalOf(error) !== undefined);
    return new AskingBackend(asking, name, keys.getKeys(name), toKey, options);
  }
}

/** Only the options for Redis have one, and BullMQ's type is for every backend. */
function prefixOf(options: object): string | undefined {
  return 'prefix' in options && typeof options.prefix === 'string' ? options.prefix : undefined;
}

/** Of what asks and adds: every answer, and the close, comes within a bounded time. */
class AskingBackend extends RedisQueueBackend {
  override close(force?: boolean): Promise<void> {
    return within(CLOSE_MS, super.close(force), () => this.disconnect());
  }
}

class AskingConnection extends RedisConnection {
  constructor(options: RedisOptions, isRefusal: (error: Error) => boolean) {
    let isRefused = false;
    const retryStrategy = (attempt: number) => (isRefused ? REFUSED_MS : backoff(attempt));
    // With the offline queue an add waits for Redis to come back, for ever.
    const bounded = { ...options, retryStrategy, enableOfflineQueue: false, commandTimeout: TIMEOUT_MS };
    // A version check that fails at the first connection is remembered for ever.
    super(bounded, { blocking: false, skipVersionCheck: true });
    this.on('ready', () => (isRefused = false));
    this.on('error', (error: Error) => {
      if (!isRefusal(error)) return;
      isRefused = true;
      // It would go on in database 0, which may be another system's, if it was the database that was refused.
      this._client.disconnect(true);
    });
  }

  /** Bounded: before the first connection BullMQ waits for ever. */
  override get client() {
    return this.status === 'ready' ? super.client : timely(TIMEOUT_MS, super.client);
  }
}

function backoff(attempt: number): number {
  return Math.min(100 * 2 ** Math.min(attempt, 5), 2_000);
}
