import { releaseBootMemory } from './boot-memory';

describe('releaseBootMemory', () => {
  it('gives the heap back that garbage has made large', () => {
    const garbage: number[][] = [];
    for (let kilobyte = 0; kilobyte < 64 * 1024; kilobyte++) garbage.push(new Array<number>(128).fill(kilobyte + 0.5));
    const grown = process.memoryUsage().heapTotal;
    garbage.length = 0;

    releaseBootMemory();

    expect(grown - process.memoryUsage().heapTotal).toBeGreaterThan(48 * 1024 * 1024);
    expect('gc' in globalThis).toBe(false);
  });
});
