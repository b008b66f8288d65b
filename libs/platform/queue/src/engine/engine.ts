/** Carries committed rows of the ledger to a free slot. The ledger stays the truth: an engine may lose everything. */
export abstract class Engine {
  /** For logs and the operator. */
  abstract readonly name: string;

  /** Connect, in the background; never waits for the other side and never throws because it is away. */
  abstract open(): void;

  /**
   * For readiness: ask the other side.
   * @throws Error saying that it is away, or what it refuses and the fix
   */
  abstract check(): Promise<void>;

  /** Take rows that are due; returns how many, 0 when nothing is due or no slot is free. */
  abstract advance(): Promise<number>;

  /** Find rows that were handed over and got lost; returns how many. */
  abstract recover(): Promise<number>;

  /** Begin nothing more until it is opened again. What runs goes on; connections end with the application. */
  abstract pause(): Promise<void>;
}
