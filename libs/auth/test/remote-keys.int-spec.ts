import { setTimeout as sleep } from 'node:timers/promises';
import { Log } from '@platform/observability';
import { FakeIssuer, issuerKey } from '../../../test/support/fakes/issuer';
import { COPY_AGE_MS, FETCH_COOLDOWN_MS, RemoteKeys } from '../src/issuers/remote-keys';

const START = Date.parse('2026-01-01T00:00:00Z');

describe('the keys of another issuer (F37)', () => {
  let issuer: FakeIssuer;
  let keys: RemoteKeys;
  let elapsed: number;
  let warnings: jest.SpyInstance;

  beforeEach(async () => {
    warnings = jest.spyOn(Log.prototype, 'warn').mockReturnValue();
    jest.spyOn(Log.prototype, 'info').mockReturnValue();
    issuer = await FakeIssuer.start('ES256');
    elapsed = 0;
    keys = new RemoteKeys(issuer.jwksUrl, { now: () => new Date(START + elapsed) });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await issuer.stop();
  });

  const find = (kid: string, alg = 'ES256') => keys.keyOf({ alg, kid });
  const isKnown = async (kid = issuer.key.kid): Promise<boolean> => (await find(kid)) !== null;
  /** Fetches made while `work` ran. */
  const fetchesOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = issuer.fetches;
    await work();
    return issuer.fetches - before;
  };

  it('are read once for all who need them at once', async () => {
    const found = await Promise.all(Array.from({ length: 100 }, () => isKnown()));
    expect(found).not.toContain(false);
    expect(issuer.fetches).toBe(1);
  });

  it('are the published ones', async () => {
    const key = await find(issuer.key.kid);
    expect(key?.equals(issuer.key.publicKey)).toBe(true);
  });

  it('work within a minute of being published', async () => {
    await isKnown();
    const { kid: old } = issuer.key;
    elapsed += 1_000;
    const { kid } = issuer.rotate();
    elapsed += FETCH_COOLDOWN_MS - 1_000;
    expect(await isKnown(kid)).toBe(true);
    expect(await isKnown(old)).toBe(true);
    expect(issuer.fetches).toBe(2);
  });

  it('cost a thousand unknown kids at most two fetches, and one in thirty seconds for as long as they come', async () => {
    await isKnown();
    const flood = async (count: number): Promise<void> => {
      const found = await Promise.all(Array.from({ length: count }, (_, index) => isKnown(`unknown-${index}`)));
      expect(found).not.toContain(true);
    };
    expect(await fetchesOf(() => flood(1_000))).toBe(0);
    const during = await fetchesOf(async () => {
      for (let second = 0; second < 300; second += 1) {
        elapsed += 1_000;
        await flood(5);
      }
    });
    expect(during).toBeLessThanOrEqual(10);
    expect(await isKnown()).toBe(true);
  });

  it('cost a flood no more while the issuer is away', async () => {
    await isKnown();
    issuer.mood = 'failing';
    const during = await fetchesOf(async () => {
      for (let second = 0; second < 120; second += 1) {
        elapsed += 1_000;
        await Promise.all(Array.from({ length: 10 }, (_, index) => isKnown(`unknown-${index}`)));
      }
    });
    expect(during).toBeLessThanOrEqual(4);
  });

  it.each(['failing', 'garbled', 'redirecting'] as const)('survive an issuer that is %s, for hours', async (mood) => {
    await isKnown();
    issuer.mood = mood;
    const during = await fetchesOf(async () => {
      for (let minute = 0; minute < 180; minute += 1) {
        elapsed += 60_000;
        expect(await isKnown()).toBe(true);
        // The attempts go on beside the requests.
        await sleep(3);
      }
    });
    expect(during).toBeGreaterThan(100);
    expect(during).toBeLessThanOrEqual(180);
    expect(warnings).toHaveBeenCalledTimes(1);
    // The last attempt ends as it began: whoever asks meanwhile shares it.
    await sleep(250);
    issuer.mood = 'up';
    const { kid } = issuer.rotate();
    elapsed += 60_000;
    expect(await isKnown(kid)).toBe(true);
  });

  it('make nobody wait for an issuer that hangs, once it was away', async () => {
    await isKnown();
    issuer.mood = 'failing';
    elapsed += COPY_AGE_MS;
    expect(await isKnown()).toBe(true);
    issuer.mood = 'hanging';
    elapsed += FETCH_COOLDOWN_MS;
    const started = performance.now();
    for (let request = 0; request < 50; request += 1) expect(await isKnown()).toBe(true);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('are unavailable, not unknown, while the issuer never answered; and wait before asking again', async () => {
    issuer.mood = 'failing';
    const refused = await Promise.all(Array.from({ length: 50 }, () => isKnown().catch((error: unknown) => error)));
    for (const error of refused) expect(error).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(issuer.fetches).toBe(1);
    issuer.mood = 'up';
    await expect(isKnown()).rejects.toMatchObject({ status: 503 });
    elapsed += FETCH_COOLDOWN_MS;
    expect(await isKnown()).toBe(true);
  });

  it('end when the issuer takes them back', async () => {
    const { kid } = issuer.key;
    expect(await isKnown(kid)).toBe(true);
    issuer.rotate({ keepOld: false });
    elapsed += COPY_AGE_MS;
    expect(await isKnown(kid)).toBe(false);
  });

  it('are asked for anew after the clock was set back', async () => {
    await isKnown();
    elapsed -= 3_600_000;
    expect(await isKnown(issuer.rotate().kid)).toBe(true);
  });

  it('are none of those that nobody should verify with', async () => {
    issuer.strays = [
      { kty: 'oct', k: Buffer.alloc(32, 1).toString('base64url'), kid: 'secret', alg: 'HS256' },
      { ...issuerKey('RS256', 1_024).publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256' },
      { ...issuerKey('ES256').publicKey.export({ format: 'jwk' }), kid: 'for-encryption', use: 'enc' },
      { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'broken', alg: 'ES256' },
      { kid: 'empty' },
    ];
    expect(await find('secret', 'HS256')).toBeNull();
    expect(await find('short', 'RS256')).toBeNull();
    expect(await find('for-encryption')).toBeNull();
    expect(await find('broken')).toBeNull();
    expect(await find('empty')).toBeNull();
    expect(await find(issuer.key.kid, 'RS256')).toBeNull();
    expect(await isKnown()).toBe(true);
  });

  it('are not looked for by a token that names none', async () => {
    expect(await keys.keyOf({ alg: 'ES256' })).toBeNull();
    expect(issuer.fetches).toBe(0);
  });
});
