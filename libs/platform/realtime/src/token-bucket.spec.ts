import { TokenBucket } from './token-bucket';

describe('TokenBucket', () => {
  it('lets a burst through and then as many a second as it earns', () => {
    const bucket = new TokenBucket(20, 40, 0);
    const at = (now: number, times: number) =>
      Array.from({ length: times }, () => bucket.take(now)).filter(Boolean).length;
    expect(at(0, 100)).toBe(40);
    expect(at(50, 10)).toBe(1);
    expect(at(1_050, 100)).toBe(20);
  });

  it('saves no more than a burst', () => {
    const bucket = new TokenBucket(20, 40, 0);
    expect(Array.from({ length: 100 }, () => bucket.take(3_600_000)).filter(Boolean)).toHaveLength(40);
  });
});
