import { type CoreConfig } from '@platform/config';
import { urlSafeToken } from '@platform/crypto';
import { RefreshTokens } from './refresh-tokens';

const SESSION = '0198f1c2-6f3a-7000-8000-000000000001';
const USER = '0198f1c2-6f3a-7000-8000-000000000002';

/** The key is all that they read of the settings. */
const tokensOf = (secretKey: string) => new RefreshTokens({ secretKey } as CoreConfig);

describe('a refresh token', () => {
  const tokens = tokensOf('a-key-of-the-tests-that-is-long-enough');

  it('is 256 bits of chance, and says signed whose it is', () => {
    const [one, other] = [tokens.make(SESSION, USER), tokens.make(SESSION, USER)];
    expect(one.split('.')[0]).toMatch(/^[\w-]{43}$/);
    expect(one.split('.')[0]).not.toBe(other.split('.')[0]);
    const owner = { sessionId: SESSION.replaceAll('-', ''), userId: USER.replaceAll('-', '') };
    expect([tokens.ownerOf(one), tokens.ownerOf(other)]).toEqual([owner, owner]);
  });

  it('is no longer than processes of before take it', () => {
    expect(tokens.make(SESSION, USER).length).toBeLessThanOrEqual(128);
  });

  it('names nobody when it is made up, of before, of another system, or put together of two', () => {
    const [one, other] = [tokens.make(SESSION, USER), tokens.make(USER, SESSION)];
    const owner = Buffer.from(`${SESSION}${USER}`.replaceAll('-', ''), 'hex').toString('base64url');
    const spliced = `${one.split('.')[0]}.${other.split('.').slice(1).join('.')}`;
    const forged = `${urlSafeToken(32)}.${Buffer.from(owner).toString('base64url')}.${urlSafeToken(16)}`;
    const foreign = tokensOf('another-key-of-the-tests-that-is-long').make(SESSION, USER);
    for (const token of ['', '.', '..', urlSafeToken(32), spliced, forged, foreign, one.slice(0, -1)]) {
      expect(tokens.ownerOf(token)).toBeNull();
    }
  });
});
