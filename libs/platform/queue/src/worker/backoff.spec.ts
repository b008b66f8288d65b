import { backoff } from './backoff';

describe('backoff', () => {
  it('doubles with each attempt that ended', () => {
    expect([1, 2, 3, 4].map((ended) => backoff(1_000, ended, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('never waits longer than an hour', () => {
    expect(backoff(1_000, 400, 1)).toBe(3_600_000);
  });

  it('spreads over the second half of the pause', () => {
    expect(backoff(1_000, 1, 0)).toBe(500);
    expect(backoff(1_000, 1, 0.5)).toBe(750);
  });
});
