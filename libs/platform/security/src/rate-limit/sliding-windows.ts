/** Slices of a window. More make a place come back sooner, at four bytes per subject each. */
export const SLICES = 16;

/** The present slice and the sixteen before it count. */
const RING = SLICES + 1;
/** Subjects that are looked at to find one that gives way. */
const CANDIDATES = 8;
const OVERFLOW_COUNTERS = 64;
const FIRST_ROOM = 256;

/** What counting one call found. */
export interface WindowCount {
  readonly allowed: boolean;
  /** Calls that count now, this one included if it was allowed. */
  readonly used: number;
  /** Milliseconds until the oldest of them stops counting; the window's length when none counts. */
  readonly freeInMs: number;
}

/** How many calls a window of this length, milliseconds, allows. */
export interface WindowLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Sliding windows in memory, one per subject, all of one length. A call is put into a slice, a sixteenth of the window
 * long, and counts until its slice has left the window entirely: in any span of the window's length at most the limit
 * is allowed, and a call stops counting between one window and one window and a slice after it was made.
 *
 * Memory is bounded by `capacity`; README.md, "What the memory limiter does when it is full", says who gives way.
 */
export class SlidingWindows {
  private readonly sliceMs: number;
  private readonly slots = new Map<string, number>();
  private readonly subjects: string[] = [];
  /** `RING` counters per slot in one block: a subject costs bytes, not objects. */
  private counts = new Uint32Array(FIRST_ROOM * RING);
  /** The newest slice of each slot, by its number since 1970. */
  private newest = new Float64Array(FIRST_ROOM);
  private hand = 0;
  private overflow?: SlidingWindows;

  constructor(
    private readonly windowMs: number,
    private readonly capacity: number,
  ) {
    this.sliceMs = windowMs / SLICES;
  }

  /** Subjects that have a counter of their own. */
  get size(): number {
    return this.slots.size;
  }

  /**
   * Count one call at `now` (Unix milliseconds) unless the limit is reached: a refused call does not count.
   * With `counting` false only look.
   */
  take(subject: string, limit: number, now: number, counting = true): WindowCount {
    const slice = Math.floor(now / this.sliceMs);
    const slot = this.slots.get(subject) ?? (counting ? this.admit(subject, limit, slice) : undefined);
    if (slot === undefined) return this.share(subject, limit, now, counting);
    const newest = this.advance(slot, slice);
    const used = this.usedBy(slot);
    if (used >= limit) return { allowed: false, used, freeInMs: this.freeIn(slot, newest, now) };
    if (!counting) return { allowed: true, used, freeInMs: this.freeIn(slot, newest, now) };
    this.add(slot * RING + (newest % RING));
    return { allowed: true, used: used + 1, freeInMs: this.freeIn(slot, newest, now) };
  }

  /** Take back the call of `subject` that was counted this instant: another limit refused it. */
  giveBack(subject: string): void {
    const slot = this.slots.get(subject);
    if (slot === undefined) {
      this.overflow?.giveBack(overflowCounter(subject));
      return;
    }
    const index = slot * RING + ((this.newest[slot] ?? 0) % RING);
    this.counts[index] = Math.max(0, (this.counts[index] ?? 0) - 1);
  }

  /** A counter for a new subject; undefined when all who could give way are at their limit. */
  private admit(subject: string, limit: number, slice: number): number | undefined {
    const slot = this.slots.size < this.capacity ? this.enlarge() : this.evict(limit, slice);
    if (slot === undefined) return undefined;
    this.slots.set(subject, slot);
    this.subjects[slot] = subject;
    this.newest[slot] = slice;
    return slot;
  }

  /** Slots are reused and never given back, so the next one is the number of those in use. */
  private enlarge(): number {
    const slot = this.slots.size;
    if (slot >= this.newest.length) {
      const room = Math.min(this.capacity, this.newest.length * 2);
      const counts = new Uint32Array(room * RING);
      counts.set(this.counts);
      const newest = new Float64Array(room);
      newest.set(this.newest);
      this.counts = counts;
      this.newest = newest;
    }
    return slot;
  }

  /** Free an expired slot, else the least used of eight that are below their limit. */
  private evict(limit: number, slice: number): number | undefined {
    let chosen: number | undefined;
    let fewest = limit;
    for (let looked = 0; looked < CANDIDATES; looked++) {
      const slot = this.hand;
      this.hand = (slot + 1) % this.capacity;
      this.advance(slot, slice);
      const used = this.usedBy(slot);
      if (used >= fewest) continue;
      chosen = slot;
      fewest = used;
      if (used === 0) break;
    }
    if (chosen === undefined) return undefined;
    this.slots.delete(this.subjects[chosen] ?? '');
    this.counts.fill(0, chosen * RING, (chosen + 1) * RING);
    return chosen;
  }

  /** Without a counter of its own a subject counts together with others: refused for their sake, never free. */
  private share(subject: string, limit: number, now: number, counting: boolean): WindowCount {
    if (!counting && this.slots.size < this.capacity) return { allowed: limit > 0, used: 0, freeInMs: this.windowMs };
    this.overflow ??= new SlidingWindows(this.windowMs, OVERFLOW_COUNTERS);
    return this.overflow.take(overflowCounter(subject), limit, now, counting);
  }

  /** Empty the slices that time has passed over; returns the newest. */
  private advance(slot: number, slice: number): number {
    const newest = this.newest[slot] ?? slice;
    const passed = slice - newest;
    // A clock set back a little keeps counting into the newest slice; one set back by windows begins anew.
    if (passed === 0 || (passed < 0 && passed >= -SLICES)) return newest;
    if (passed < 0 || passed >= RING) this.counts.fill(0, slot * RING, (slot + 1) * RING);
    else for (let step = 1; step <= passed; step++) this.counts[slot * RING + ((newest + step) % RING)] = 0;
    this.newest[slot] = slice;
    return slice;
  }

  private usedBy(slot: number): number {
    const { counts } = this;
    const start = slot * RING;
    let used = 0;
    for (let index = start; index < start + RING; index++) used += counts[index] ?? 0;
    return used;
  }

  private freeIn(slot: number, newest: number, now: number): number {
    for (let slice = Math.max(0, newest - SLICES); slice <= newest; slice++) {
      if ((this.counts[slot * RING + (slice % RING)] ?? 0) > 0) return (slice + RING) * this.sliceMs - now;
    }
    return this.windowMs;
  }

  private add(index: number): void {
    this.counts[index] = (this.counts[index] ?? 0) + 1;
  }
}

/** The shared counter of a subject, by FNV-1a; no secret depends on it. */
function overflowCounter(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return String((hash >>> 0) % OVERFLOW_COUNTERS);
}
