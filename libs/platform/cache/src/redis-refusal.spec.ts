import { refusalOf, userOf } from './redis-refusal';

const asker = { user: 'app', names: 'omnistack:*' };
const grants = (words: string) => `grant it by \`ACL SETUSER app ${words}\``;

describe('what Redis refuses', () => {
  it.each([
    ['NOPERM No permissions to access a channel', grants('&omnistack:*')],
    ['NOPERM this user has no permissions to access one of the channels used as arguments', grants('&omnistack:*')],
    ['NOPERM No permissions to access a key', grants('~omnistack:*')],
    ['NOPERM this user has no permissions to access one of the keys used as arguments', grants('~omnistack:*')],
    ["NOPERM User app has no permissions to run the 'evalsha' command", grants('+@scripting')],
    ["NOPERM this user has no permissions to run the 'eval' command or its subcommand", grants('+@scripting')],
    ["NOPERM User app has no permissions to run the 'psubscribe' command", grants('+@pubsub')],
    ["NOPERM User app has no permissions to run the 'bzpopmin' command", grants('+bzpopmin')],
    ["NOPERM User app has no permissions to run the 'client|setname' command", grants('+client|setname')],
    ["ERR The user executing the script can't run this command or subcommand script: 21e7", grants('+@read +@write')],
    [
      "ERR Error running script (call to f_2): The user executing the script can't access a key",
      grants('~omnistack:*'),
    ],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'correct them'],
    ['ERR invalid password', 'correct them'],
    ['NOAUTH Authentication required.', 'write user:password@ before its host'],
    ['Ready check failed: NOAUTH Authentication required.', 'write user:password@ before its host'],
    ["READONLY You can't write against a read only replica.", 'name its primary'],
    ['MOVED 3999 127.0.0.1:6381', 'name a Redis without cluster mode'],
    ["CROSSSLOT Keys in request don't hash to the same slot", 'name a Redis without cluster mode'],
    ['ERR SELECT is not allowed in cluster mode', 'name a Redis without cluster mode'],
    ['ERR DB index is out of range', 'correct the number at its end'],
    ["ERR unknown command 'evalsha', with args beginning with: ", 'does not know the command evalsha'],
    ['ERR unknown command `XADD`, with args beginning with: ', 'does not know the command XADD'],
  ])('is told with its fix: %s', (message, fix) => {
    expect(refusalOf(new Error(message), asker)).toContain(fix);
  });

  it.each([
    'connect ECONNREFUSED 127.0.0.1:6379',
    'Command timed out',
    'Connection is closed.',
    'LOADING Redis is loading the dataset in memory',
    "OOM command not allowed when used memory > 'maxmemory'.",
    'NOSCRIPT No matching script. Please use EVAL.',
  ])('is no outage: %s', (message) => {
    expect(refusalOf(new Error(message), asker)).toBeUndefined();
  });
});

describe('the user of an address', () => {
  it.each([
    ['redis://localhost', 'default'],
    ['redis://:secret@localhost', 'default'],
    ['redis://app:secret@localhost/2', 'app'],
    ['rediss://app%40team:secret@localhost', 'app@team'],
  ])('in %s is %s', (url, user) => {
    expect(userOf(url)).toBe(user);
  });
});
