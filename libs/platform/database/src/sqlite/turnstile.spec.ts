import { Turnstile } from './turnstile';

describe('the turnstile', () => {
  it('lets the waiting through one at a time, in the order of arrival', async () => {
    const turnstile = new Turnstile();
    const seen: string[] = [];
    expect(turnstile.enter(1000)).toBeUndefined();
    const second = turnstile.enter(1000)?.then(() => seen.push('second'));
    const third = turnstile.enter(1000)?.then(() => seen.push('third'));
    await Promise.resolve();
    expect(seen).toEqual([]);
    turnstile.leave();
    await second;
    expect(seen).toEqual(['second']);
    turnstile.leave();
    await third;
    turnstile.leave();
    expect(turnstile.enter(1000)).toBeUndefined();
  });

  it('gives up after its time, and goes on with the next', async () => {
    const turnstile = new Turnstile();
    void turnstile.enter(1000);
    await expect(turnstile.enter(10)).rejects.toThrow('waited 10 ms for the embedded database');
    const next = turnstile.enter(1000);
    expect(turnstile.waiting).toBe(1);
    turnstile.leave();
    await next;
  });
});
