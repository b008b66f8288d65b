import { type BeforeApplicationShutdown, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { Log } from '@platform/observability';
import { ApiKeyRepository } from './api-key.repository';

/** Milliseconds between two writes. */
const FLUSH_MS = 5_000;
/** A time is moved when it is this old, milliseconds: a busy key costs one row a minute, however many processes use it. */
const PRECISION_MS = 60_000;

/** Remembers which keys were used, and writes it down for all of them at once: a request costs no write. */
@Injectable()
export class ApiKeyUsage implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly log = Log.for('api-keys');
  private used = new Set<string>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The last ones are not lost: by now no request runs, and the database is still there. */
  beforeApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  /** The key was used just now. */
  note(id: string): void {
    this.used.add(id);
  }

  /** Write down what was noted, in one statement. Never throws: with the database away it is tried again. */
  async flush(): Promise<void> {
    if (this.used.size === 0) return;
    const ids = [...this.used];
    this.used = new Set();
    const now = this.clock.now();
    try {
      await this.keys.recordUse(ids, now, new Date(now.getTime() - PRECISION_MS));
    } catch (error) {
      for (const id of ids) this.used.add(id);
      this.log.warn('The last use of API keys could not be written down and is tried again', { error });
    }
  }
}
