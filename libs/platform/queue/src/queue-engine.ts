import { CoreConfig, type Environment, LoadedSettings } from '@platform/config';
import { BootRefused } from '@platform/kernel';
import { QueueConfig } from './queue.config';

/** What carries the jobs. */
export type EngineName = NonNullable<QueueConfig['engine']>;

const ENGINE_OF_MODE = {
  embedded: 'embedded',
  'single-service': 'bullmq-postgres',
  'scale-out': 'bullmq-redis',
} as const;

/** What carries the jobs: `JOBS_ENGINE`, else what the mode says. */
export function engineOf(core: CoreConfig, config: QueueConfig): EngineName {
  return config.engine ?? ENGINE_OF_MODE[core.mode];
}

/** The same before there is an application; undefined when a setting is wrong, which `ConfigModule.load` tells with all others. */
export function engineIn(environment: Environment): EngineName | undefined {
  try {
    const loaded = LoadedSettings.load([CoreConfig, QueueConfig], environment);
    return engineOf(loaded.get(CoreConfig), loaded.get(QueueConfig));
  } catch (error) {
    if (error instanceof BootRefused) return undefined;
    throw error;
  }
}
