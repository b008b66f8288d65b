/** An attempt took longer than its contract allows. */
export class JobTimedOut extends Error {
  constructor(name: string, timeoutMs: number) {
    super(`'${name}' took longer than ${timeoutMs} ms`);
    this.name = 'JobTimedOut';
  }
}

/** Another worker has the row by now: what this attempt wrote must not be committed. */
export class LeaseLost extends Error {
  constructor(id: string) {
    super(`Job ${id} was taken over by another worker, or handed back, while it ran: its writes are rolled back`);
    this.name = 'LeaseLost';
  }
}
