/** All that BullMQ carries: the ledger has the rest, so nothing personal or secret lies in Redis. */
export interface HandOver {
  /** Id of the ledger's row. */
  id: string;
  /** The row's `claims` when it was handed over: a late or second delivery finds another number and does nothing. */
  turn: number;
  /** The process died with it before: it waits until no other suspect runs. */
  suspect: boolean;
}

/** The part of BullMQ's Queue that an engine needs, whatever is behind it. */
export interface CarrierQueue {
  addBulk(jobs: { name: string; data: HandOver; opts: { jobId: string } }[]): Promise<unknown>;
  getJob(jobId: string): Promise<{ getState(): Promise<string>; remove(): Promise<unknown> } | undefined>;
  waitUntilReady(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of a BullMQ worker that an engine needs. */
export interface CarrierWorker {
  /** It asks for nothing for a while, because what it asks is refused. */
  readonly isResting: boolean;
  /** false: its loop ended, and it takes nothing any more. */
  isRunning(): boolean;
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Called when it asked again after a rest and nothing was refused. */
  onRecovered(listener: () => void): void;
}

/** Our queue, and the workers of this process. */
export abstract class Carrier {
  /** For logs and the operator. */
  abstract readonly name: string;
  abstract readonly queue: CarrierQueue;

  /** What the other side refuses until somebody changes something, with the fix; undefined for an outage. */
  abstract refusalOf(error: unknown): string | undefined;

  /**
   * Start every worker of the process, those of other queues too. Called once.
   * @param take works on one delivery of our queue
   * @returns the worker of our queue
   */
  abstract startWorkers(take: (handOver: HandOver) => Promise<void>): CarrierWorker;

  /** Let every started worker take nothing more; what runs goes on. */
  abstract pauseWorkers(): Promise<void>;

  /** Let them take again. */
  abstract resumeWorkers(): Promise<void>;
}

/** Names of the queues that the ledger's rows travel by. */
export const QUEUE = 'jobs';

/** Longest wait for a connection or an answer, milliseconds. */
export const TIMEOUT_MS = 1_000;
