import { type AppPage } from '@platform/kernel';
import { z } from 'zod';
import { coreAdvice, coreProblems } from './core.rules';
import { isEveryInterface, isLoopback } from './loopback';
import { flag, integer, oneOf } from './schemas';
import { serverAddress } from './server-address';
import { setting, settings } from './settings';

/** What the process is and where it keeps its things. */
export class CoreConfig extends settings('core', {
  projectName: setting(
    'PROJECT_NAME',
    z.string().max(100).default('OmniStack API'),
    'Title in documents, mail and logs.',
  ),
  environment: setting(
    'ENVIRONMENT',
    oneOf('local', 'staging', 'production').default('local'),
    'local, staging or production: decides behaviour; NODE_ENV only tells libraries to be fast.',
  ),
  dataDir: setting('DATA_DIR', z.string().default('.data'), 'Folder of everything the embedded mode keeps.'),
  secretKey: setting(
    'SECRET_KEY',
    z.string().min(32, { error: 'expected at least 32 characters' }),
    'Root secret, at least 32 characters; generated into DATA_DIR when ENVIRONMENT is local.',
    { secret: true, example: '' },
  ),
  redisUrl: setting(
    'REDIS_URL',
    serverAddress(/^rediss?:\/\//, 'redis:// or rediss://').optional(),
    'Redis for jobs, cache, limits and sockets across processes; unset: in process.',
    { secret: true, example: '' },
  ),
  worker: setting(
    'WORKER',
    oneOf('inline', 'separate').optional(),
    'inline runs the worker inside the API process, separate leaves it to apps/worker; default inline in embedded mode.',
    { example: '' },
  ),
  allowSqliteInProduction: setting(
    'ALLOW_SQLITE_IN_PRODUCTION',
    flag().default(false),
    'true accepts the embedded database in production, on one machine.',
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    serverAddress(/^postgres(ql)?(\+\w+)?:\/\//, 'postgres://… or sqlite:…', /^sqlite(\+\w+)?:/).optional(),
    'postgres://user:password@host:5432/name or sqlite:path; unset: omnistack.db in DATA_DIR.',
    { secret: true, example: '' },
  ),
  shutdownTimeoutSeconds: setting(
    'SHUTDOWN_TIMEOUT_SECONDS',
    integer(1, 600).default(30),
    'Seconds that running requests and jobs get to finish on SIGTERM, 1–600; jobs that do not are handed back.',
  ),
  port: setting('PORT', integer(0, 65_535).default(3000), 'TCP port of the API; 0 takes a free one.'),
  publicBaseUrl: setting(
    'PUBLIC_BASE_URL',
    z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).optional(),
    'Address under which clients reach the API; default http://localhost:PORT. Production needs it, with https.',
    { example: '' },
  ),
  appUrl: setting(
    'APP_URL',
    z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).optional(),
    'Address of the web application that links in mails lead to; default PUBLIC_BASE_URL.',
    { example: '' },
  ),
}) {
  static override readonly replaced = {
    'UPSTASH_*': 'set REDIS_URL to the rediss:// address that Upstash shows for Redis clients',
    PERPLEXITY_API_KEY: 'remove it; Perplexity is no provider here',
    APPLE_SHARED_SECRET: 'remove it; purchases are verified by the signature of the App Store, without a shared secret',
    IMPERSONATION_SECRET: 'remove it; its key follows from SECRET_KEY',
  };

  static override check(values: CoreConfig): string[] {
    return coreProblems(values);
  }

  static override advise(values: CoreConfig): string[] {
    return coreAdvice(values);
  }

  private listening?: { readonly host: string; readonly port: number };

  /** Whether the database is the embedded SQLite file. */
  get usesSqlite(): boolean {
    return !this.databaseUrl || this.databaseUrl.startsWith('sqlite');
  }

  /** The address of a page of the web application, for mails and redirects. */
  linkTo<Q extends string>({ path }: AppPage<Q>, parameters: Readonly<Partial<Record<Q, string>>>): string {
    const base = this.appUrl?.replace(/\/+$/, '') ?? this.baseUrl;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries<string | undefined>(parameters)) {
      if (value !== undefined) query.append(name, value);
    }
    return `${base}${path}?${query.toString()}`;
  }

  /** Where a process listens that is not told: embedded, with its published passwords, for this machine alone. */
  get defaultHost(): string {
    return this.mode === 'embedded' ? '127.0.0.1' : '0.0.0.0';
  }

  /** Tell where the API listens now: from then on its address is the real one, whatever PORT=0 became. */
  listensAt(host: string, port: number): void {
    this.listening = { host, port };
  }

  /** Where the API is reached from this machine, without a slash at its end. */
  get ownUrl(): string {
    const { host, port } = this.listening ?? { host: 'localhost', port: this.port };
    if (isLoopback(host) || isEveryInterface(host)) return `http://localhost:${port}`;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /** Where clients reach the API: PUBLIC_BASE_URL, else its {@link ownUrl}; without a slash at its end. */
  get baseUrl(): string {
    return this.publicBaseUrl?.replace(/\/+$/, '') ?? this.ownUrl;
  }

  /** How the process is put together: architecture, "Run modes". */
  get mode(): 'embedded' | 'single-service' | 'scale-out' {
    if (this.usesSqlite) return 'embedded';
    return this.redisUrl ? 'scale-out' : 'single-service';
  }

  /** Whether the API process also does the worker's work. */
  get workerInline(): boolean {
    return (this.worker ?? (this.mode === 'embedded' ? 'inline' : 'separate')) === 'inline';
  }

  get isProduction(): boolean {
    return this.environment === 'production';
  }

  get isLocal(): boolean {
    return this.environment === 'local';
  }
}
