import { type Constructor } from '@platform/kernel';

const APPEND_ONLY = Symbol('omnistack.append-only');

/** Class decorator of an entity whose table refuses every change: its migration says `appendOnly` of {@link MigrationKit}. */
export function AppendOnly(): ClassDecorator {
  return (target) => Reflect.defineMetadata(APPEND_ONLY, true, target);
}

/** Whether the entity says {@link AppendOnly}. */
export function isAppendOnly(entity: unknown): boolean {
  return typeof entity === 'function' && Reflect.getOwnMetadata(APPEND_ONLY, entity as Constructor) === true;
}
