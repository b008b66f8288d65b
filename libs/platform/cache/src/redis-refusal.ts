/** Who asks Redis, and for what. */
export interface RedisAsker {
  /** The name in REDIS_URL; none is the default user. */
  readonly user: string;
  /** Pattern of its keys and channels. */
  readonly names: string;
}

/** Commands that go together: a grant for one of them only leads to the next refusal. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^(eval|evalsha|script|fcall)(_ro)?$/, '@scripting'],
  [/^(s?publish|[ps]?(un)?subscribe|pubsub)$/, '@pubsub'],
];

/** The user that an address names. */
export function userOf(url: string): string {
  return decodeURIComponent(URL.parse(url)?.username ?? '') || 'default';
}

/** Whether a replica refused to write. */
export function isReadOnly({ message }: Pick<Error, 'message'>): boolean {
  return message.startsWith('READONLY');
}

/**
 * What Redis refuses until somebody changes it, with the fix, in one line; undefined for an outage, which passes.
 * Redis 6, 7 and Valkey word it differently.
 */
export function refusalOf(error: unknown, { names, user }: RedisAsker): string | undefined {
  const text = error instanceof Error ? error.message : String(error);
  if (/^WRONGPASS|invalid password/i.test(text)) {
    return 'Redis refuses the user and password of REDIS_URL: correct them, or the user in Redis';
  }
  if (/NOAUTH/.test(text)) {
    return 'Redis wants a password and REDIS_URL has none: write user:password@ before its host';
  }
  if (isReadOnly({ message: text })) return 'REDIS_URL names a read-only replica: name its primary';
  if (/^(MOVED|CROSSSLOT|ASK) |not allowed in cluster mode/.test(text)) {
    return 'REDIS_URL names a node of a Redis cluster: name a Redis without cluster mode';
  }
  if (/DB index/i.test(text))
    return 'REDIS_URL names a database that this Redis does not have: correct the number at its end';
  const unknown = /unknown command '?`?([\w|]+)/i.exec(text)?.[1];
  if (unknown)
    return `Redis does not know the command ${unknown}: REDIS_URL needs version 6.2 or later with every command`;
  if (!/^NOPERM|executing the script can't/.test(text)) return undefined;
  return missingRight(text, user, names);
}

function missingRight(text: string, user: string, names: string): string {
  const refuses = (what: string, grant: string) =>
    `Redis refuses ${what} to the user ${user} of REDIS_URL: grant it by \`ACL SETUSER ${user} ${grant}\``;
  const command = /run the '([\w|]+)' command/.exec(text)?.[1];
  if (command) {
    // The family, not the command: a program tries its members in turn.
    const [, family] = FAMILIES.find(([members]) => members.test(command)) ?? [];
    return family ? refuses(`the commands ${family}`, `+${family}`) : refuses(`the command ${command}`, `+${command}`);
  }
  if (/channel/.test(text)) return refuses(`the channels ${names}`, `&${names}`);
  if (/\bkeys?\b/.test(text)) return refuses(`the keys ${names}`, `~${names}`);
  return refuses('a command that a script runs', '+@read +@write');
}
