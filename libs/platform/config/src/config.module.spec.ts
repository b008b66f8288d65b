import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { BootRefused, Clock, Domain, Ids } from '@platform/kernel';
import { ConfigModule, CoreConfig, declarationsIn, integer, setting, settings } from '@platform/config';

class GardenConfig extends settings('garden', {
  beds: setting('GARDEN_BEDS', integer(1, 10).default(3), 'Beds, 1–10.'),
}) {}

@Injectable()
class Gardener {
  constructor(
    readonly config: GardenConfig,
    readonly core: CoreConfig,
  ) {}
}

@Domain({ name: 'garden', settings: [GardenConfig] })
@Module({ providers: [Gardener], exports: [Gardener] })
class GardenModule {}

@Module({ imports: [GardenModule] })
class GardenApiModule {}

const environment = { SECRET_KEY: 's'.repeat(32) };

describe('ConfigModule', () => {
  it('injects the sections of every module that is imported, however deep', async () => {
    const modules = [GardenApiModule];
    const app = await Test.createTestingModule({
      imports: [ConfigModule.load(modules, { ...environment, GARDEN_BEDS: '7' }), ...modules],
    }).compile();

    const gardener = app.get(Gardener, { strict: false });
    expect(gardener.config.beds).toBe(7);
    expect(gardener.core.mode).toBe('embedded');
    expect(app.get(Clock).now()).toBeInstanceOf(Date);
    expect(app.get(Ids).next()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    await app.close();
  });

  it('refuses wrong settings before anything is constructed', () => {
    expect(() => ConfigModule.load([GardenApiModule], { ...environment, GARDEN_BEDS: '11' })).toThrow(BootRefused);
  });
});

describe('declarationsIn', () => {
  it('finds each declaration once, when two modules import it', () => {
    @Module({ imports: [GardenModule] })
    class GardenWorkerModule {}

    const names = declarationsIn([GardenApiModule, GardenWorkerModule]).map((declaration) => declaration.name);

    expect(names).toEqual(['garden']);
  });
});
