import { hash } from 'node:crypto';
import { type Redis } from 'ioredis';
import { SLICES, type WindowCount } from './sliding-windows';

/**
 * The rule of `SlidingWindows` in one script, so that all processes count as one, by the clock of Redis.
 * A subject is a hash of slice number → calls, at most 17 fields, which ends with its window.
 * ARGV: limit, length of a slice in milliseconds, slices, 1 to count or 0 to look.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, slice_ms, slices = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local slice = math.floor(now / slice_ms)
local used, oldest = 0, nil
local fields = redis.call('HGETALL', KEYS[1])
for index = 1, #fields, 2 do
  local made = tonumber(fields[index])
  if made < slice - slices or made > slice + slices then
    redis.call('HDEL', KEYS[1], fields[index])
  else
    used = used + tonumber(fields[index + 1])
    if oldest == nil or made < oldest then oldest = made end
  end
end
local allowed = used < limit
if allowed and ARGV[4] == '1' then
  redis.call('HINCRBY', KEYS[1], string.format('%.0f', slice), 1)
  redis.call('PEXPIRE', KEYS[1], math.ceil((slices + 1) * slice_ms))
  used = used + 1
  oldest = oldest or slice
end
local free = oldest and (oldest + slices + 1) * slice_ms - now or slices * slice_ms
return {allowed and 1 or 0, used, math.ceil(free)}
`;
/** The name under which Redis keeps a script: its SHA-1. */
const SCRIPT_NAME = hash('sha1', SCRIPT, 'hex');

/**
 * Count one call under `key`, or only look.
 * @throws Error when Redis does not answer
 */
export async function takeInRedis(
  redis: Redis,
  key: string,
  limit: number,
  windowMs: number,
  counting: boolean,
): Promise<WindowCount> {
  const values = [key, limit, windowMs / SLICES, SLICES, counting ? 1 : 0];
  const answer = await redis.evalsha(SCRIPT_NAME, 1, ...values).catch((error: Error) => {
    // Redis forgets its scripts when it is restarted.
    if (error.message.startsWith('NOSCRIPT')) return redis.eval(SCRIPT, 1, ...values);
    throw error;
  });
  // The script returns three integers.
  const [allowed, used, freeInMs] = answer as [number, number, number];
  return { allowed: allowed === 1, used, freeInMs };
}
