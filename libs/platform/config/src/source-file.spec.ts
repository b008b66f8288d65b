import { join } from 'node:path';
import { sourceFileOf } from './source-file';

class GardenService {}
class Forgotten {}

describe('the source file of a class', () => {
  const root = process.cwd();
  const module = (file: string, exports: unknown) => ({ filename: join(root, file), exports }) as NodeJS.Module;
  const loaded = {
    a: undefined,
    b: module('node_modules/a/libs/index.js', { GardenService }),
    c: module('dist/libs/garden/src/index.js', Object.defineProperty({}, 'x', { get: () => GardenService })),
    d: module('dist/libs/garden/src/garden.service.js', { name: 'GardenService', GardenService }),
  };

  it('is found by the module that exports it, from the root and as it was written', () => {
    expect(sourceFileOf(GardenService, loaded)).toBe('libs/garden/src/garden.service.ts');
  });

  it('is unknown for a class that nothing exports', () => {
    expect(sourceFileOf(Forgotten, loaded)).toBeUndefined();
    expect(sourceFileOf(GardenService)).toBeUndefined();
  });
});
