import { hash } from 'node:crypto';
import { type Redis } from 'ioredis';
import { SLICES, type WindowCount, type WindowLimit } from './sliding-windows';

/**
 * The rule of `SlidingWindows` in one script, so that all processes count as one, by the clock of Redis.
 * A subject is a hash of slice number → calls, at most 17 fields, which ends with its window. A call that counts for
 * several subjects counts for all of them or, when one is at its limit, for none.
 * ARGV: slices, 1 to count or 0 to look, then for each key its limit and the length of a slice in milliseconds.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slices = tonumber(ARGV[1])
local found, allowed = {}, true
for place, key in ipairs(KEYS) do
  local limit, slice_ms = tonumber(ARGV[1 + 2 * place]), tonumber(ARGV[2 + 2 * place])
  local slice = math.floor(now / slice_ms)
  local used, oldest = 0, nil
  local fields = redis.call('HGETALL', key)
  for index = 1, #fields, 2 do
    local made = tonumber(fields[index])
    if made < slice - slices or made > slice + slices then
      redis.call('HDEL', key, fields[index])
    else
      used = used + tonumber(fields[index + 1])
      if oldest == nil or made < oldest then oldest = made end
    end
  end
  allowed = allowed and used < limit
  found[place] = {key = key, limit = limit, slice_ms = slice_ms, slice = slice, used = used, oldest = oldest}
end
local answer = {}
for _, one in ipairs(found) do
  answer[#answer + 1] = one.used < one.limit and 1 or 0
  if allowed and ARGV[2] == '1' then
    redis.call('HINCRBY', one.key, string.format('%.0f', one.slice), 1)
    redis.call('PEXPIRE', one.key, math.ceil((slices + 1) * one.slice_ms))
    one.used = one.used + 1
    one.oldest = one.oldest or one.slice
  end
  answer[#answer + 1] = one.used
  answer[#answer + 1] =
    math.ceil(one.oldest and (one.oldest + slices + 1) * one.slice_ms - now or slices * one.slice_ms)
end
return answer
`;
/** The name under which Redis keeps a script: its SHA-1. */
const SCRIPT_NAME = hash('sha1', SCRIPT, 'hex');
/** Numbers that the script answers for each key. */
const ANSWERS = 3;

/** A key of Redis and the limit that holds for it. */
export interface SharedWindow extends WindowLimit {
  readonly key: string;
}

/**
 * Count one call under every window, or under none when one is at its limit; or only look. One round trip.
 * @throws Error when Redis does not answer
 */
export async function takeInRedis(
  redis: Redis,
  windows: readonly SharedWindow[],
  counting: boolean,
): Promise<WindowCount[]> {
  const keys = windows.map(({ key }) => key);
  const limits = windows.flatMap(({ limit, windowMs }) => [limit, windowMs / SLICES]);
  const values = [...keys, SLICES, counting ? 1 : 0, ...limits];
  const answer = await redis.evalsha(SCRIPT_NAME, keys.length, ...values).catch((error: Error) => {
    // Redis forgets its scripts when it is restarted.
    if (error.message.startsWith('NOSCRIPT')) return redis.eval(SCRIPT, keys.length, ...values);
    throw error;
  });
  // The script returns integers, three for each key.
  const numbers = answer as number[];
  return keys.map((_key, place) => {
    const [allowed, used = 0, freeInMs = 0] = numbers.slice(place * ANSWERS);
    return { allowed: allowed === 1, used, freeInMs };
  });
}
