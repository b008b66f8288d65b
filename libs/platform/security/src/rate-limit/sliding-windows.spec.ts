import { SLICES, SlidingWindows } from './sliding-windows';

const MINUTE = 60_000;
const SLICE = MINUTE / SLICES;
const NOON = Date.UTC(2026, 10, 22, 12);

function allowedOf(windows: SlidingWindows, subject: string, limit: number, calls: number, now: number): number {
  let allowed = 0;
  for (let call = 0; call < calls; call++) if (windows.take(subject, limit, now).allowed) allowed++;
  return allowed;
}

describe('sliding windows', () => {
  it('allow the limit and refuse the next, with what remains', () => {
    const windows = new SlidingWindows(MINUTE, 100);
    expect([1, 2, 3].map(() => windows.take('ann', 3, NOON))).toMatchObject([
      { allowed: true, used: 1 },
      { allowed: true, used: 2 },
      { allowed: true, used: 3 },
    ]);
    expect(windows.take('ann', 3, NOON)).toMatchObject({ allowed: false, used: 3 });
  });

  it('allow exactly 100 of 1,000', () => {
    expect(allowedOf(new SlidingWindows(MINUTE, 100), 'ann', 100, 1_000, NOON)).toBe(100);
  });

  it('count each subject for itself', () => {
    const windows = new SlidingWindows(MINUTE, 100);
    expect(allowedOf(windows, 'ann', 3, 9, NOON)).toBe(3);
    expect(allowedOf(windows, 'bob', 3, 9, NOON)).toBe(3);
  });

  it('let a call count for one window and at most one slice more, and say when it ends', () => {
    const windows = new SlidingWindows(MINUTE, 100);
    const { freeInMs } = windows.take('ann', 1, NOON + 1_000);
    expect(freeInMs).toBeGreaterThanOrEqual(MINUTE);
    expect(freeInMs).toBeLessThanOrEqual(MINUTE + SLICE);
    const end = NOON + 1_000 + freeInMs;
    expect(windows.take('ann', 1, end - 1)).toMatchObject({ allowed: false, freeInMs: 1 });
    expect(windows.take('ann', 1, end)).toMatchObject({ allowed: true });
  });

  it('never count a refused call, so that asking again prolongs nothing', () => {
    const windows = new SlidingWindows(MINUTE, 100);
    windows.take('ann', 1, NOON);
    for (let now = NOON; now < NOON + MINUTE; now += 100) windows.take('ann', 1, now);
    expect(windows.take('ann', 1, NOON + MINUTE + SLICE).allowed).toBe(true);
  });

  it('never allow more than the limit in any span of one window, however the calls are timed', () => {
    const windows = new SlidingWindows(MINUTE, 100);
    const allowedAt: number[] = [];
    let random = 1;
    for (let now = NOON; now < NOON + 20 * MINUTE;) {
      // A fixed sequence (Lehmer): bursts, pauses and pairs across the edges of windows.
      random = (random * 48_271) % 2_147_483_647;
      now += random % 97 === 0 ? random % (2 * MINUTE) : random % 900;
      if (windows.take('ann', 10, now).allowed) allowedAt.push(now);
    }
    expect(allowedAt.length).toBeGreaterThan(100);
    const worst = Math.max(
      ...allowedAt.map((from) => allowedAt.filter((at) => at >= from && at < from + MINUTE).length),
    );
    expect(worst).toBe(10);
  });

  it('only look when told not to count', () => {
    const windows = new SlidingWindows(MINUTE, 100);
    for (let look = 0; look < 5; look++)
      expect(windows.take('ann', 2, NOON, false)).toMatchObject({ allowed: true, used: 0 });
    expect(windows.size).toBe(0);
    windows.take('ann', 1, NOON);
    expect(windows.take('ann', 1, NOON, false)).toMatchObject({ allowed: false, used: 1 });
  });

  it('refuse everything under a limit of nought', () => {
    expect(new SlidingWindows(MINUTE, 100).take('ann', 0, NOON)).toEqual({ allowed: false, used: 0, freeInMs: MINUTE });
  });

  it('gain nobody a call when the clock is set back a little, and recover when it is set back far', () => {
    const windows = new SlidingWindows(MINUTE, 100);
    expect(allowedOf(windows, 'ann', 5, 9, NOON)).toBe(5);
    expect(windows.take('ann', 5, NOON - 10_000).allowed).toBe(false);
    expect(windows.take('ann', 5, NOON - 3_600_000).allowed).toBe(true);
  });

  it('hold no more subjects than they may, and take back the places of those who are gone', () => {
    const windows = new SlidingWindows(MINUTE, 1_000);
    for (let index = 0; index < 5_000; index++) windows.take(`first-${index}`, 5, NOON);
    expect(windows.size).toBe(1_000);
    const later = NOON + 2 * MINUTE;
    for (let index = 0; index < 1_000; index++) expect(windows.take(`later-${index}`, 1, later).allowed).toBe(true);
    expect(windows.size).toBe(1_000);
  });

  it('never forget a subject at its limit, whatever number of others comes', () => {
    const windows = new SlidingWindows(MINUTE, 1_000);
    allowedOf(windows, 'attacker', 5, 5, NOON);
    for (let index = 0; index < 50_000; index++) windows.take(`other-${index}`, 5, NOON);
    expect(windows.take('attacker', 5, NOON).allowed).toBe(false);
  });

  it('let go the least used first, so that resetting a counter of four costs thousands of calls', () => {
    const windows = new SlidingWindows(MINUTE, 1_000);
    allowedOf(windows, 'attacker', 5, 4, NOON);
    for (let index = 0; index < 20_000; index++) windows.take(`other-${index}`, 5, NOON);
    expect(windows.take('attacker', 5, NOON, false).used).toBe(4);
  });

  it('let newcomers share counters when everybody is at the limit: refused perhaps, unlimited never', () => {
    const windows = new SlidingWindows(MINUTE, 100);
    for (let index = 0; index < 100; index++) windows.take(`full-${index}`, 1, NOON);
    let allowed = 0;
    for (let index = 0; index < 10_000; index++) if (windows.take(`new-${index}`, 1, NOON).allowed) allowed++;
    expect(allowed).toBeLessThanOrEqual(64);
    expect(windows.size).toBe(100);
  });

  it('cost at most a few microseconds and 64 MB for 200,000 subjects', () => {
    const windows = new SlidingWindows(MINUTE, 50_000);
    const before = process.memoryUsage.rss();
    const started = process.cpuUsage();
    for (let index = 0; index < 200_000; index++)
      windows.take(`ip:10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 60, NOON);
    const microseconds = process.cpuUsage(started).user / 200_000;
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1_048_576);
    // About one on an idle core.
    expect(microseconds).toBeLessThan(20);
  });
});
