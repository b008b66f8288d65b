import { Mutex } from './mutex';

describe('the mutex', () => {
  it('lets the waiting through one at a time, in the order of arrival', async () => {
    const mutex = new Mutex();
    const seen: string[] = [];
    expect(mutex.acquire(1000)).toBeUndefined();
    const second = mutex.acquire(1000)?.then(() => seen.push('second'));
    const third = mutex.acquire(1000)?.then(() => seen.push('third'));
    await Promise.resolve();
    expect(seen).toEqual([]);
    mutex.release();
    await second;
    expect(seen).toEqual(['second']);
    mutex.release();
    await third;
    mutex.release();
    expect(mutex.acquire(1000)).toBeUndefined();
  });

  it('gives up after its time, and goes on with the next', async () => {
    const mutex = new Mutex();
    void mutex.acquire(1000);
    await expect(mutex.acquire(10)).rejects.toThrow('waited 10 ms for the embedded database');
    const next = mutex.acquire(1000);
    expect(mutex.waiting).toBe(1);
    mutex.release();
    await next;
  });
});
