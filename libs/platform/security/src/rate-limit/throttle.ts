import {
  THROTTLER_BLOCK_DURATION,
  THROTTLER_KEY_GENERATOR,
  THROTTLER_LIMIT,
  THROTTLER_SKIP,
  THROTTLER_TRACKER,
  THROTTLER_TTL,
} from '@nestjs/throttler/dist/throttler.constants';
import { type Rate } from '@platform/config';

/** The one limit that a route has; `@nestjs/throttler` gives it this name, too. */
const DEFAULT = 'default';

/** What `@Throttle` and `@SkipThrottle` say on one route or controller. */
export interface StatedThrottle {
  /** `default`: not skipped, although the controller may say so. */
  readonly says: Rate | 'skip' | 'default';
  /** What they say that a route cannot have, each with its fix. */
  readonly problems: readonly string[];
}

/** What the decorators of `@nestjs/throttler` say on `target`; undefined when none of them is there. */
export function throttleOn(target: object): StatedThrottle | undefined {
  const keys = Reflect.getMetadataKeys(target).filter((key) => typeof key === 'string');
  const names = keys.flatMap((key) => [THROTTLER_LIMIT, THROTTLER_SKIP].flatMap((start) => nameAfter(start, key)));
  if (names.length === 0) return undefined;
  const others = [...new Set(names)].filter((name) => name !== DEFAULT);
  const read = (key: string): unknown => Reflect.getMetadata(key + DEFAULT, target);
  const [limit, ttl, skip] = [THROTTLER_LIMIT, THROTTLER_TTL, THROTTLER_SKIP].map(read);
  const problems = [
    ...others.map(
      (name) => `names the throttler '${name}', but a route has one limit: write @Throttle({ default: … })`,
    ),
    ...(names.includes(DEFAULT) && limit !== undefined ? rateProblems(limit, ttl) : []),
    ...[THROTTLER_BLOCK_DURATION, THROTTLER_TRACKER, THROTTLER_KEY_GENERATOR]
      .filter((key) => read(key) !== undefined)
      .map((key) => `gives @Throttle ${WORDS[key]}: remove it, ${INSTEAD[key]}`),
  ];
  if (skip === true) return { says: 'skip', problems };
  if (limit === undefined) return { says: 'default', problems };
  return { says: { limit: Number(limit), windowSeconds: Number(ttl) / 1_000 }, problems };
}

const WORDS: Readonly<Record<string, string>> = {
  [THROTTLER_BLOCK_DURATION]: 'a blockDuration',
  [THROTTLER_TRACKER]: 'a getTracker',
  [THROTTLER_KEY_GENERATOR]: 'a generateKey',
};

const INSTEAD: Readonly<Record<string, string>> = {
  [THROTTLER_BLOCK_DURATION]: 'refused calls never prolong a refusal',
  [THROTTLER_TRACKER]: "@RateLimit('<policy>', <class of RateLimitKey>) counts by whom a call is about",
  [THROTTLER_KEY_GENERATOR]: "@RateLimit('<policy>', <class of RateLimitKey>) counts by whom a call is about",
};

function nameAfter(start: string, key: string): string[] {
  return key.startsWith(start) ? [key.slice(start.length)] : [];
}

function rateProblems(limit: unknown, ttl: unknown): string[] {
  const isCount = Number.isInteger(limit) && Number(limit) > 0;
  const isWindow = Number.isInteger(ttl) && Number(ttl) >= 1_000 && Number(ttl) % 1_000 === 0;
  if (isCount && isWindow) return [];
  return [
    'says @Throttle with a limit or a ttl that is no number known at boot: write whole calls and milliseconds of whole ' +
      'seconds, such as @Throttle({ default: { limit: 3, ttl: 60_000 } })',
  ];
}
