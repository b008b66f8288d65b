import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService, SignInsService } from '@omni/auth';
import { Database, Migrator, type StatementReport, statement } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { Log } from '@platform/observability';
import { SealedText } from '@platform/crypto';
import { Authenticator } from '@platform/security';
import { aSignIn } from '@testing/auth';
import { decodeProtectedHeader } from 'jose';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { KeyRing, LOOK_AGAIN_MS } from '../src/tokens/key-ring';
import { SigningKeysService } from '../src/tokens/signing-keys.service';

const KEYS = statement('test.signing-keys', 'SELECT kid, sealed_private_jwk FROM signing_keys ORDER BY signs_from');
const AUDITED = statement('test.rotations', `SELECT action FROM audit_logs WHERE resource_id = :kid`);
const MINUTE = 60_000;
const OTHER_SECRET = 'another-root-key-of-the-tests-0123456789';

describeEachDatabase('the keys of access tokens', (test) => {
  let core: TestingModule;
  /** Other processes on the same database, which no invalidation reaches. */
  let neighbour: TestingModule;
  let stranger: TestingModule;
  let offsetMs = 0;

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule]);
    neighbour = await domainCore(test, [AuthModule]);
    stranger = await domainCore(test, [AuthModule], { SECRET_KEY: OTHER_SECRET });
    for (const each of [core, neighbour, stranger]) {
      jest.spyOn(each.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offsetMs));
    }
  });

  const keys = (from = core) => from.get(SigningKeysService);
  const stored = () => core.get(Database).query<{ kid: string; sealed_private_jwk: string }>(KEYS);
  const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? '';
  const statusAt = (place: TestingModule, token: string): Promise<number> =>
    place
      .get(Authenticator)
      .authenticate({ headers: { authorization: `Bearer ${token}` } })
      .then(
        () => 200,
        (error: { status: number }) => error.status,
      );
  const aToken = async (from = core) => (await aSignIn(from.get(LocalAccountsService))).accessToken;

  it('begin as one key, however many processes need the first at once', async () => {
    const signers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => keys(index % 2 === 0 ? core : neighbour).signer()),
    );
    expect(await stored()).toHaveLength(1);
    expect(new Set(signers.map(({ kid }) => kid)).size).toBe(1);
  });

  it('are published without their private half', async () => {
    const [key, ...others] = await keys().published();
    expect(others).toEqual([]);
    expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid: (await stored())[0]?.kid });
    expect(key).not.toHaveProperty('d');
  });

  it('are stored sealed, each for its own kid', async () => {
    const [row] = await stored();
    const seal = new SealedText(test.environment().SECRET_KEY ?? '', 'auth:signing-key');
    expect(JSON.parse(seal.open(row?.sealed_private_jwk ?? '', row?.kid) ?? '{}')).toHaveProperty('d');
    expect(seal.open(row?.sealed_private_jwk ?? '', core.get(Ids).next())).toBeNull();
  });

  it('verify a signature once for each token', async () => {
    const token = await aToken();
    const find = jest.spyOn(core.get(KeyRing), 'find');
    for (let request = 0; request < 20; request++) expect(await statusAt(core, token)).toBe(200);
    expect(find).toHaveBeenCalledTimes(1);
    find.mockRestore();
  });

  it('do not remember a token that was refused', async () => {
    const token = await aToken();
    const bad = `${token.slice(0, -8)}AAAAAAAA`;
    const find = jest.spyOn(core.get(KeyRing), 'find');
    for (let request = 0; request < 3; request++) expect(await statusAt(core, bad)).toBe(401);
    expect(find).toHaveBeenCalledTimes(3);
    find.mockRestore();
  });

  it('are taken over one by one: the new one is read for two minutes before it signs, the old one ends unneeded', async () => {
    const [old] = await stored();
    const early = await aToken();
    const { kid, othersRetireAt } = await keys().rotate();
    expect((await keys().published()).map((key) => key.kid)).toEqual([kid, old?.kid]);
    expect(kidOf(await aToken())).toBe(old?.kid);
    offsetMs += 2 * MINUTE - 5_000;
    const last = await aToken();
    expect(kidOf(last)).toBe(old?.kid);
    offsetMs += 5_000;
    expect(kidOf(await aToken())).toBe(kid);
    expect(kidOf(await aToken(neighbour))).toBe(kid);
    expect(await statusAt(neighbour, early)).toBe(200);
    offsetMs += 14 * MINUTE;
    expect(await statusAt(core, last)).toBe(200);
    expect(othersRetireAt.getTime()).toBeGreaterThan(Date.now() + offsetMs + MINUTE);
    offsetMs += 3 * MINUTE;
    expect((await keys().published()).map((key) => key.kid)).toEqual([kid]);
    expect(await keys().purgeRetired()).toBe(1);
    expect(await stored()).toHaveLength(1);
    expect(await core.get(Database).query(AUDITED, { kid })).toEqual([{ action: 'signing_key.rotate' }]);
  });

  it('work in other processes from the first token on', async () => {
    await keys(neighbour).signer();
    const { kid } = await keys().rotate({ now: true });
    const token = await aToken();
    expect(kidOf(token)).toBe(kid);
    expect(await statusAt(neighbour, token)).toBe(200);
    const again = await keys().rotate({ now: true });
    const next = await aToken();
    expect(kidOf(next)).toBe(again.kid);
    // The neighbour has looked a moment ago.
    expect(await statusAt(neighbour, next)).toBe(200);
  });

  it('cost one query a second for a thousand unknown kids', async () => {
    const good = await aToken();
    await statusAt(core, good);
    const [, ...rest] = good.split('.');
    const header = decodeProtectedHeader(good);
    const unknown = Array.from({ length: 1_000 }, () => {
      const other = Buffer.from(JSON.stringify({ ...header, kid: core.get(Ids).next() })).toString('base64url');
      return [other, ...rest].join('.');
    });
    const asked: StatementReport[] = [];
    core.get(Database).observe((report) => asked.push(report));
    const started = performance.now();
    for (let batch = 0; batch < 1_000; batch += 250) {
      const statuses = await Promise.all(unknown.slice(batch, batch + 250).map((token) => statusAt(core, token)));
      expect(new Set(statuses)).toEqual(new Set([401]));
    }
    const windows = Math.floor((performance.now() - started) / LOOK_AGAIN_MS) + 1;
    expect(asked.filter(({ table }) => table === 'signing_keys').length).toBeLessThanOrEqual(windows);
    expect(asked.filter(({ table }) => table !== 'signing_keys')).toEqual([]);
  });

  it('end at once when one is in the wrong hands: tokens die, sign-ins go on', async () => {
    const { accessToken, refreshToken } = await aSignIn(core.get(LocalAccountsService));
    expect(await statusAt(core, accessToken)).toBe(200);
    expect(await statusAt(neighbour, accessToken)).toBe(200);
    const { kid } = await keys().rotate({ revokeOld: true });
    expect(await statusAt(core, accessToken)).toBe(401);
    offsetMs += 5_000;
    expect(await statusAt(neighbour, accessToken)).toBe(401);
    const fresh = await core.get(SignInsService).refresh(refreshToken);
    expect(kidOf(fresh.accessToken)).toBe(kid);
    expect(await statusAt(core, fresh.accessToken)).toBe(200);
    expect(await statusAt(neighbour, fresh.accessToken)).toBe(200);
    expect((await keys().published()).map((key) => key.kid)).toEqual([kid]);
    expect(await core.get(Database).query(AUDITED, { kid })).toEqual([{ action: 'signing_key.revoke' }]);
  });

  it('still verify when SECRET_KEY has changed, and another one signs, said in the log', async () => {
    const warn = jest.spyOn(Log.prototype, 'warn');
    const token = await aToken();
    expect(await statusAt(stranger, token)).toBe(200);
    const theirs = await aToken(stranger);
    expect(kidOf(theirs)).not.toBe(kidOf(token));
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('SECRET_KEY'), { kid: kidOf(theirs) });
    expect(await statusAt(core, theirs)).toBe(200);
    offsetMs += 5_000;
    // A rolling change of the secret: each side signs with what it can open.
    expect(kidOf(await aToken())).toBe(kidOf(token));
    warn.mockRestore();
  });

  it('have the table that the entity describes', async () => {
    expect(await core.get(Migrator).drift()).toEqual([]);
  });
});
