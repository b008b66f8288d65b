/** The time, from outside: tests set it. */
export abstract class Clock {
  /** The present instant. */
  abstract now(): Date;
}

/** The machine's clock. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** New ids, from outside: tests fix them. */
export abstract class Ids {
  /** A new UUIDv7 (RFC 9562 §5.7): unique, and ordered by the time it was made. */
  abstract next(): string;
}
