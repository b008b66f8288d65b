import { type DynamicModule, Global, Module } from '@nestjs/common';
import { BootRefused, Clock, Domain, Ids, SystemClock } from '@platform/kernel';
import { CoreConfig } from './core.config';
import { DECLARATIONS, declarationsIn, sectionsOf } from './declarations';
import { type Environment } from './environment';
import { habitProblems } from './nest-habits';
import { LoadedSettings } from './settings';
import { TimeOrderedIds } from './time-ordered-ids';

/** Serves every settings section, the declarations, the clock and new ids to the whole process. */
@Global()
@Module({})
@Domain({ name: 'platform/config', settings: [CoreConfig] })
export class ConfigModule {
  /**
   * Read and check the settings of `modules` and of all that they import.
   * @throws BootRefused naming every missing or wrong setting at once, or what a domain does past the platform.
   */
  static load(modules: readonly object[], environment: Environment): DynamicModule {
    const habits = habitProblems(modules);
    if (habits.length > 0) throw new BootRefused(habits);
    const declarations = declarationsIn([ConfigModule, ...modules]);
    const sections = sectionsOf(declarations);
    const loaded = LoadedSettings.load(sections, environment);
    const providers = [
      ...sections.map((section) => ({ provide: section, useValue: loaded.get(section) })),
      { provide: LoadedSettings, useValue: loaded },
      { provide: DECLARATIONS, useValue: declarations },
      { provide: Clock, useClass: SystemClock },
      { provide: Ids, useClass: TimeOrderedIds },
    ];
    return { module: ConfigModule, providers, exports: providers.map((provider) => provider.provide) };
  }
}
