import { type CoreConfig } from '@platform/config';
import { type Database } from '@platform/database';
import { SystemClock } from '@platform/kernel';
import { type OneTimeTokenRepository } from '../links/one-time-token.repository';
import { KnownDevices } from '../passwords/known-devices';
import { type LocalCredentials } from '../passwords/local-credentials';
import { SecondFactorChallenges } from '../second-factor/second-factor-challenges';
import { type SecondFactorRepository } from '../second-factor/second-factor.repository';
import { RefreshTokens } from '../sessions/refresh-tokens';
import { AccountKey, ChallengeKey, CodeKey, LinkKey, SessionKey } from './rate-limit-keys';

const ANN = { id: '0198f1c2-6f3a-7000-8000-000000000001', email: 'ann@example.test' };
const SESSION = '0198f1c2-6f3a-7000-8000-000000000002';

// Of each collaborator, what the keys ask for.
const core = { secretKey: 'a-key-of-the-tests-that-is-long-enough' } as CoreConfig;
const credentials = { versionOf: async () => 'version' } as unknown as LocalCredentials;
const factors = { confirmedAt: async () => new Date() } as unknown as SecondFactorRepository;

const call = (body: unknown, cookie?: string) => ({ body, headers: { cookie } });
const BODIES_OF_NOBODY = [undefined, null, 'text', 7, [], {}];

describe('the key of an account', () => {
  const devices = new KnownDevices(credentials, core);
  const key = new AccountKey(devices);

  it('is the same however the address is written, and shows nothing of it', () => {
    const [one, other] = ['ann@example.test', ' Ann@Example.TEST '].map((email) => key.of(call({ email })));
    expect(one).toEqual({ value: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(other).toEqual(one);
    expect(key.of(call({ email: 'bob@example.test' }))).not.toEqual(one);
  });

  it('is the device of the account that shows its token, in the body or in a cookie', async () => {
    const { email } = ANN;
    const token = await devices.issue(ANN);
    const account = key.of(call({ email }))?.value;
    const known = { value: expect.stringMatching(/^device:/), holder: account };
    expect(key.of(call({ email, device_token: token }))).toEqual(known);
    expect(key.of(call({ email: 'ANN@example.test' }, `device-0123456789abcdef=${token}`))).toEqual(known);
    expect(key.of(call({ email: 'bob@example.test', device_token: token }))).not.toHaveProperty('holder');
    expect(key.of(call({ email, device_token: `${token}A` }))).not.toHaveProperty('holder', account);
  });

  it.each(BODIES_OF_NOBODY)('is nobody’s for the body %j', (body) => {
    expect(key.of(call(body))).toBeNull();
  });
});

describe('the key of a link or a code', () => {
  it('is a digest of it', () => {
    expect(new LinkKey().of(call({ token: 'abc' }))).toEqual({ value: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(new CodeKey().of(call({ code: 'abc' }))).toEqual(new LinkKey().of(call({ token: 'abc' })));
    for (const body of BODIES_OF_NOBODY)
      expect([new LinkKey().of(call(body)), new CodeKey().of(call(body))]).toEqual([null, null]);
  });
});

describe('the key of a challenge', () => {
  // Its attempts stand in the database; what it says, in itself.
  const tokens = {} as OneTimeTokenRepository;
  const database = {} as Database;
  const challenges = new SecondFactorChallenges(factors, tokens, database, new SystemClock(), core);
  const key = new ChallengeKey(challenges);

  it('is the account whose first factor was shown, or the device on which it was', async () => {
    const of = async (device?: string) =>
      key.of(call({ challenge: (await challenges.issue(ANN.id, 'password', device))?.challenge }));
    expect(await of()).toEqual({ value: ANN.id });
    expect(await of('device:one')).toEqual({ value: 'device:one', holder: ANN.id });
  });

  it('is nobody’s for a challenge that was made up', () => {
    for (const body of [...BODIES_OF_NOBODY, { challenge: 'garbage' }, { challenge: ANN.id }]) {
      expect(key.of(call(body))).toBeNull();
    }
  });
});

describe('the key of a session', () => {
  const tokens = new RefreshTokens(core);
  const key = new SessionKey(tokens);

  it('is the session that the refresh token says signed, and its person holds it', () => {
    const first = key.of(call({ refresh_token: tokens.make(SESSION, ANN.id) }));
    expect(first).toEqual({ value: SESSION.replaceAll('-', ''), holder: ANN.id.replaceAll('-', '') });
    expect(key.of(call({ refresh_token: tokens.make(SESSION, ANN.id) }))).toEqual(first);
  });

  it('is nobody’s for a token that is none', () => {
    for (const body of [...BODIES_OF_NOBODY, { refresh_token: 'x'.repeat(43) }]) expect(key.of(call(body))).toBeNull();
  });
});
