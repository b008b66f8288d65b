import { type OpenApiContract } from './openapi';
import { type ApiClient } from './api-client';
import { type RunningProcess } from './app-process';
import { postgresUrl, redisUrl } from './services';
import { sharedStack } from './shared-stack';
import { startStack } from './stack';

/** The run modes of the architecture, by what they are made of. */
export type ModeName = 'embedded' | 'single-service' | 'scale-out';

/** A running system in one mode, and the ways a test reaches it. */
export interface Stack {
  readonly mode: ModeName;
  /** `http://127.0.0.1:<port>` */
  readonly base: string;
  readonly api: RunningProcess;
  /** The worker process of scale-out mode; otherwise the API does its work. */
  readonly worker: RunningProcess | undefined;
  /** Both documents, as served by this API. */
  readonly contracts: readonly OpenApiContract[];
  /** A client without a token; `as(token)` makes one with. */
  readonly client: ApiClient;
  /** Rows behind the curtain; `?` stands for a parameter. */
  sql<R = Record<string, unknown>>(text: string, ...parameters: unknown[]): Promise<R[]>;
  /** Run `omni` on this system's database. */
  omni(...words: string[]): Promise<{ status: number | null; output: string }>;
  /** Another API process of the same system, ready to serve; its `http://127.0.0.1:<port>`. */
  neighbour(): Promise<string>;
  /** SIGTERM to all, database dropped; of a shared system only what this block began. */
  stop(): Promise<void>;
}

/** How a suite wants its system. */
export interface ModeOptions {
  /** Which modes; default all three. */
  modes?: readonly ModeName[];
}

/** How a suite wants a system of its own. */
export interface PrivateOptions extends ModeOptions {
  /** Environment variables on top of the mode's own. */
  env?: Record<string, string>;
}

type Block = (stack: () => Stack, mode: ModeName) => void;

// jest takes no time limit per project from its configuration.
jest.setTimeout(30_000);

const NEEDS: Record<ModeName, { label: string; missing: () => string | undefined }> = {
  embedded: { label: 'SQLite, embedded worker', missing: () => undefined },
  'single-service': {
    label: 'PostgreSQL alone',
    missing: () => (postgresUrl() ? undefined : 'needs PostgreSQL: TEST_DATABASE_URL is not set'),
  },
  'scale-out': {
    label: 'PostgreSQL and Redis, separate worker',
    missing: () =>
      postgresUrl() && redisUrl() ? undefined : 'needs PostgreSQL and Redis: TEST_DATABASE_URL, TEST_REDIS_URL',
  },
};

/**
 * Run the block once per run mode, against the built processes, on the system of that mode which the files of one jest
 * worker share: the block keeps to people and organizations of its own. A mode whose services are missing is skipped
 * under a title that says why.
 */
export function describeEachMode(title: string, block: Block, { modes }: ModeOptions = {}): void {
  describeModes(title, block, modes, sharedStack);
}

/**
 * The same, on systems of this block alone: it has settings of its own, stops processes, counts what everybody has or
 * reads what a boot says.
 */
describeEachMode.private = (title: string, block: Block, { modes, env }: PrivateOptions = {}): void =>
  describeModes(title, block, modes, (mode) => startStack(mode, env));

function describeModes(
  title: string,
  block: Block,
  modes: readonly ModeName[] = ['embedded', 'single-service', 'scale-out'],
  start: (mode: ModeName) => Promise<Stack>,
): void {
  for (const mode of modes) {
    const missing = NEEDS[mode].missing();
    const describeIt = missing ? describe.skip : describe;
    describeIt(`${title} [${missing ?? NEEDS[mode].label}]`, () => {
      let running: Stack | undefined;
      const stack = (): Stack => {
        if (!running) throw new Error('The system is not running yet: ask for it inside a test or a hook');
        return running;
      };
      beforeAll(async () => {
        running = await start(mode);
      }, 60_000);
      afterAll(async () => {
        await running?.stop();
      }, 30_000);
      block(stack, mode);
    });
  }
}
