import { type TestingModule } from '@nestjs/testing';
import { ApiKeysService, AuthModule, type NewApiKey } from '@omni/auth';
import { type User, UserDirectory, UsersService } from '@omni/users';
import { Database, statement, SubjectData } from '@platform/database';
import { type Actor, Clock, systemActor } from '@platform/kernel';
import { Authenticator, SecondFactorRequired } from '@platform/security';
import { aUser } from '@testing/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { Actors } from '../src/access/actors';
import { newApiKey } from '../src/api-keys/api-key-secret';
import { ApiKeyUsage } from '../src/api-keys/api-key-usage';

const SYSTEM = systemActor('test');
const DAY_MS = 86_400_000;
const ROW = statement('test.api-key', 'SELECT * FROM api_keys WHERE id = :id');

describeEachDatabase('API keys', (test) => {
  let core: TestingModule;
  let keys: ApiKeysService;
  let database: Database;
  let offsetMs = 0;

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule], { ADMIN_REQUIRE_MFA: 'true', AUTH_API_KEYS_PER_USER: '5' });
    keys = core.get(ApiKeysService);
    database = core.get(Database);
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offsetMs));
  });
  beforeEach(() => {
    offsetMs = 0;
  });

  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 200,
      (error: { status?: number }) => error.status ?? error,
    );
  const present = (secret: string): Promise<Actor | null> =>
    core.get(Authenticator).authenticate({ headers: { authorization: `Bearer ${secret}` } });
  const mustBe = async (secret: string): Promise<Actor> => {
    const actor = await present(secret);
    if (!actor) throw new Error('nobody');
    return actor;
  };
  /** A new account, and its actor in a sign-in without or with a second factor. */
  const somebody = async (secondFactor = false): Promise<{ user: User; actor: Actor }> => {
    const user = await aUser(core.get(UserDirectory));
    return { user, actor: core.get(Actors).of(user, { secondFactor }) };
  };
  const anAdmin = async (secondFactor: boolean): Promise<{ user: User; actor: Actor }> => {
    const { id } = await aUser(core.get(UserDirectory));
    const user = await core.get(UsersService).patch(SYSTEM, id, { role: 'admin' });
    return { user, actor: core.get(Actors).of(user, { secondFactor }) };
  };
  const aKey = (actor: Actor, input: Partial<NewApiKey> = {}) =>
    keys.create(actor, { name: 'ci', scopes: ['users.read_own'], ...input });
  const queriesOf = async (work: () => Promise<unknown>): Promise<number> => {
    let statements = 0;
    database.observe(() => (statements += 1));
    await work();
    return statements;
  };

  describe('presenting one', () => {
    it('gives the owner with the scopes and nothing else, until the key ends', async () => {
      const { actor, user } = await somebody();
      const { key, secret } = await aKey(actor);
      const found = await mustBe(secret);
      expect(found).toMatchObject({ kind: 'user', id: user.id, email: user.email, apiKeyId: key.id });
      expect([...found.permissions]).toEqual(['users.read_own']);
      expect(found.expiresAt).toEqual(key.expiresAt);
      expect([found.sessionId, found.authenticatedAt]).toEqual([undefined, undefined]);
    });

    it('costs no query once it is warm', async () => {
      const { secret } = await aKey((await somebody()).actor);
      await present(secret);
      expect(
        await queriesOf(async () => {
          for (let request = 0; request < 20; request++) await present(secret);
        }),
      ).toBe(0);
    });

    it('costs no query when it is garbage, and keeps nothing of an invented one', async () => {
      const { secret } = await aKey((await somebody()).actor);
      const garbled = secret.slice(0, -1) + (secret.endsWith('A') ? 'B' : 'A');
      const garbage = [garbled, 'omni_live_', 'omni_live_x', `omni_live_${'A'.repeat(4_000)}`];
      expect(
        await queriesOf(async () => {
          for (const text of garbage) expect(await outcome(present(text))).toBe(401);
        }),
      ).toBe(0);
      const invented = newApiKey();
      for (const _time of [1, 2]) {
        expect(await queriesOf(async () => expect(await outcome(present(invented))).toBe(401))).toBeGreaterThan(0);
      }
    });

    it('answers a challenge of RFC 6750 when it is refused', async () => {
      const refusal = await present(newApiKey()).catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        status: 401,
        message: 'Invalid API key',
        headers: { 'WWW-Authenticate': expect.stringContaining('error="invalid_token"') },
      });
    });

    it('is over at its end, also from a warm cache', async () => {
      const { actor } = await somebody();
      const { secret } = await aKey(actor, { expiresAt: new Date(Date.now() + 2_000) });
      expect(await outcome(present(secret))).toBe(200);
      offsetMs = 2_001;
      await expect(present(secret)).rejects.toMatchObject({ status: 401, message: 'API key has expired' });
      offsetMs = DAY_MS;
      await expect(present(secret)).rejects.toMatchObject({ status: 401, message: 'API key has expired' });
    });
  });

  describe('the owner', () => {
    it('takes their key down with them when they are demoted, and up again, never above its scopes', async () => {
      const { actor, user } = await anAdmin(true);
      const { secret } = await aKey(actor, { scopes: ['users.list', 'users.read_own'] });
      expect((await mustBe(secret)).permissions).toEqual(new Set(['users.list', 'users.read_own']));
      await core.get(UsersService).patch(SYSTEM, user.id, { role: 'user' });
      expect((await mustBe(secret)).permissions).toEqual(new Set(['users.read_own']));
      await core.get(UsersService).patch(SYSTEM, user.id, { role: 'admin' });
      expect((await mustBe(secret)).permissions).toEqual(new Set(['users.list', 'users.read_own']));
    });

    it('is refused with 403 while they are shut out', async () => {
      const { actor, user } = await somebody();
      const { secret } = await aKey(actor);
      await present(secret);
      await core.get(UsersService).deactivate(SYSTEM, user.id);
      expect(await outcome(present(secret))).toBe(403);
      await core.get(UsersService).activate(SYSTEM, user.id);
      expect(await outcome(present(secret))).toBe(200);
    });

    it('leaves no key behind when they are erased', async () => {
      const { actor, user } = await somebody();
      const { key } = await aKey(actor);
      await core.get(SubjectData).erase('person', user.id);
      expect(await database.query(ROW, { id: key.id })).toEqual([]);
    });
  });

  describe('making one', () => {
    it('stores a hash and nothing that could be used', async () => {
      const { key, secret } = await aKey((await somebody()).actor);
      const [row] = await database.query(ROW, { id: key.id });
      expect(row).toMatchObject({ key_hash: expect.stringMatching(/^[0-9a-f]{64}$/), prefix: secret.slice(0, 16) });
      expect(JSON.stringify(row)).not.toContain(secret.slice(16));
    });

    it('takes no permission that the actor does not hold, that no domain knows, or that no key may have', async () => {
      const { actor } = await somebody();
      const scopes = (scope: string) => outcome(aKey(actor, { scopes: ['users.read_own', scope] }));
      expect(await scopes('users.list')).toBe(403);
      expect(await scopes('users.fly')).toBe(422);
      expect(await scopes('*')).toBe(422);
      expect(await scopes('auth.manage_api_keys')).toBe(422);
    });

    it('lets it end within a year, and not in the past', async () => {
      const { actor } = await somebody();
      const expiresAt = (ms: number) => outcome(aKey(actor, { expiresAt: new Date(Date.now() + ms) }));
      expect(await expiresAt(-1)).toBe(422);
      expect(await expiresAt(365 * DAY_MS + 60_000)).toBe(422);
      expect(await expiresAt(365 * DAY_MS - 60_000)).toBe(200);
      const { key } = await aKey(actor);
      expect(Math.abs(key.expiresAt.getTime() - Date.now() - 365 * DAY_MS)).toBeLessThan(5_000);
    });

    it('stops at the number that one person may have, also when many come at once', async () => {
      const { actor } = await somebody();
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => outcome(aKey(actor))));
      expect(outcomes.filter((status) => status === 200)).toHaveLength(5);
      expect(outcomes.filter((status) => status === 409)).toHaveLength(7);
      const [newest] = (await keys.page(actor, { skip: 0, limit: 1 })).items;
      await keys.revoke(actor, newest?.id ?? '');
      expect(await outcome(aKey(actor))).toBe(200);
    });
  });

  describe('a second factor', () => {
    it('is needed to give away what it protects, and the key keeps it', async () => {
      const { actor: plain, user } = await anAdmin(false);
      await expect(aKey(plain, { scopes: ['users.list'] })).rejects.toThrow(SecondFactorRequired);
      const { secret } = await aKey(core.get(Actors).of(user, { secondFactor: true }), { scopes: ['users.list'] });
      expect((await mustBe(secret)).permissions).toEqual(new Set(['users.list']));
    });

    it('is missing from a key that was made before its owner rose, and so are the permissions', async () => {
      const { actor, user } = await anAdmin(true);
      const withoutIt: Actor = { ...actor, secondFactor: false };
      const { secret } = await aKey(withoutIt, { scopes: ['users.list', 'users.read_own'] });
      expect((await mustBe(secret)).permissions).toEqual(new Set(['users.read_own']));
      expect(user.role).toBe('admin');
    });

    it('is needed to rotate a key that was made with it: a password alone must not read it', async () => {
      const { actor, user } = await anAdmin(true);
      const { key, secret } = await aKey(actor, { scopes: ['users.list'] });
      const withPassword = core.get(Actors).of(user, { secondFactor: false });
      await expect(keys.rotate(withPassword, key.id)).rejects.toThrow(SecondFactorRequired);
      expect(await outcome(present(secret))).toBe(200);
      expect(await outcome(keys.rotate(actor, key.id))).toBe(200);
    });
  });

  describe('rotating one', () => {
    it('ends the old secret at once and keeps the rest', async () => {
      const { actor } = await somebody();
      const { key, secret } = await aKey(actor);
      await present(secret);
      const next = await keys.rotate(actor, key.id);
      expect(next.secret).not.toBe(secret);
      expect(next.key).toMatchObject({ id: key.id, scopes: key.scopes, expiresAt: key.expiresAt });
      expect(await outcome(present(secret))).toBe(401);
      expect(await mustBe(next.secret)).toMatchObject({ apiKeyId: key.id });
    });

    it('leaves the old secret good for the grace and no longer; both end with the key', async () => {
      const { actor } = await somebody();
      const { key, secret } = await aKey(actor);
      await present(secret);
      const next = await keys.rotate(actor, key.id, 10);
      expect((await mustBe(secret)).expiresAt?.getTime()).toBeLessThanOrEqual(Date.now() + 600_000);
      expect((await mustBe(next.secret)).expiresAt).toEqual(key.expiresAt);
      offsetMs = 601_000;
      expect(await outcome(present(secret))).toBe(401);
      expect(await outcome(present(next.secret))).toBe(200);
      offsetMs = 0;
      await keys.revoke(actor, key.id);
      expect(await outcome(present(secret))).toBe(401);
      expect(await outcome(present(next.secret))).toBe(401);
    });

    it('again ends the secret before the last one, whatever its grace', async () => {
      const { actor } = await somebody();
      const { key, secret } = await aKey(actor);
      const second = await keys.rotate(actor, key.id, 10);
      await present(secret);
      const third = await keys.rotate(actor, key.id, 10);
      expect(await outcome(present(secret))).toBe(401);
      expect(await outcome(present(second.secret))).toBe(200);
      expect(await outcome(present(third.secret))).toBe(200);
    });

    it('leaves one good secret when two rotate at once without a grace', async () => {
      const { actor } = await somebody();
      const { key } = await aKey(actor);
      const both = await Promise.all([keys.rotate(actor, key.id), keys.rotate(actor, key.id)]);
      const outcomes = await Promise.all(both.map(({ secret }) => outcome(present(secret))));
      expect(outcomes.sort()).toEqual([200, 401]);
    });

    it('is refused for a key that has expired, and for a grace beyond the setting', async () => {
      const { actor } = await somebody();
      const { key } = await aKey(actor, { expiresAt: new Date(Date.now() + 60_000) });
      expect(await outcome(keys.rotate(actor, key.id, 1_441))).toBe(422);
      offsetMs = 60_001;
      expect(await outcome(keys.rotate(actor, key.id))).toBe(409);
    });
  });

  describe('the rows', () => {
    it('of others answer as unknown ones do, to every operation', async () => {
      const [{ actor: owner }, { actor: other }] = [await somebody(), await somebody()];
      const { key } = await aKey(owner);
      for (const id of [key.id, '01900000-0000-7000-8000-000000000000']) {
        expect(await outcome(keys.read(other, id))).toBe(404);
        expect(await outcome(keys.rename(other, id, 'mine'))).toBe(404);
        expect(await outcome(keys.rotate(other, id))).toBe(404);
        expect(await outcome(keys.revoke(other, id))).toBe(404);
      }
      expect((await keys.page(other, { skip: 0, limit: 20 })).total).toBe(0);
    });

    it('are the person’s own, whomever they act for', async () => {
      const { actor } = await somebody();
      const { key } = await aKey(actor);
      const forTenant: Actor = { ...actor, tenantId: '01900000-0000-7000-8000-0000000000aa' };
      expect((await keys.read(forTenant, key.id)).id).toBe(key.id);
    });

    it('are listed newest first, by position and by cursor', async () => {
      const { actor } = await somebody();
      const made: string[] = [];
      for (let index = 0; index < 3; index++) {
        offsetMs = index * 10;
        made.unshift((await aKey(actor)).key.id);
      }
      const first = await keys.page(actor, { skip: 0, limit: 2 });
      expect([first.total, first.items.map(({ id }) => id)]).toEqual([3, made.slice(0, 2)]);
      const rest = await keys.page(actor, { skip: 0, limit: 2, cursor: first.nextCursor ?? '' });
      expect([rest.items.map(({ id }) => id), rest.nextCursor]).toEqual([made.slice(2), null]);
      const { actor: other } = await somebody();
      expect(await outcome(keys.page(other, { skip: 0, limit: 2, cursor: first.nextCursor ?? '' }))).toBe(422);
    });

    it('take another name at the version that was seen', async () => {
      const { actor } = await somebody();
      const { key } = await aKey(actor);
      const renamed = await keys.rename(actor, key.id, 'deploy', 1);
      expect([renamed.name, renamed.version]).toEqual(['deploy', 2]);
      expect(await outcome(keys.rename(actor, key.id, 'late', 1))).toBe(412);
      expect(await outcome(keys.revoke(actor, key.id, 1))).toBe(412);
      expect((await keys.read(actor, key.id)).name).toBe('deploy');
    });

    it('of a revoked key are out of sight at once, and refused at once from a warm cache', async () => {
      const { actor } = await somebody();
      const { key, secret } = await aKey(actor);
      await present(secret);
      await keys.revoke(actor, key.id);
      expect(await outcome(present(secret))).toBe(401);
      expect(await outcome(keys.read(actor, key.id))).toBe(404);
      expect(await outcome(keys.revoke(actor, key.id))).toBe(404);
      expect((await keys.page(actor, { skip: 0, limit: 20 })).total).toBe(0);
    });

    it('leave the table a month after their end, and not before', async () => {
      const { actor } = await somebody();
      const revoked = (await aKey(actor)).key;
      const expired = (await aKey(actor, { expiresAt: new Date(Date.now() + 1_000) })).key;
      const good = (await aKey(actor)).key;
      await keys.revoke(actor, revoked.id);
      const left = async () => {
        const rows = await Promise.all([revoked, expired, good].map(({ id }) => database.query(ROW, { id })));
        return rows.map(({ length }) => length);
      };
      offsetMs = 29 * DAY_MS;
      await keys.purgeEnded();
      expect(await left()).toEqual([1, 1, 1]);
      offsetMs = 30 * DAY_MS + 2_000;
      await keys.purgeEnded();
      expect(await left()).toEqual([0, 0, 1]);
    });
  });

  describe('the last use', () => {
    const lastUsed = async (actor: Actor, id: string) => (await keys.read(actor, id)).lastUsedAt;

    it('is written for all keys in one statement, and by no request', async () => {
      const { actor } = await somebody();
      const used = [await aKey(actor), await aKey(actor), await aKey(actor)];
      const idle = await aKey(actor);
      const usage = core.get(ApiKeyUsage);
      await usage.flush();
      for (const { secret } of used) {
        await present(secret);
        await present(secret);
      }
      expect(await lastUsed(actor, used[0]?.key.id ?? '')).toBeNull();
      expect(await queriesOf(() => usage.flush())).toBe(1);
      for (const { key } of used) expect(await lastUsed(actor, key.id)).toBeInstanceOf(Date);
      expect(await lastUsed(actor, idle.key.id)).toBeNull();
      expect(await queriesOf(() => usage.flush())).toBe(0);
    });

    it('moves once a minute at most, however many processes see the key', async () => {
      const { actor } = await somebody();
      const { key, secret } = await aKey(actor);
      const usage = core.get(ApiKeyUsage);
      const useAndFlush = async () => {
        await present(secret);
        await usage.flush();
        return keys.read(actor, key.id);
      };
      const first = await useAndFlush();
      offsetMs = 59_000;
      expect(await useAndFlush()).toMatchObject({ lastUsedAt: first.lastUsedAt, version: first.version });
      offsetMs = 62_000;
      const later = await useAndFlush();
      expect((later.lastUsedAt?.getTime() ?? 0) - (first.lastUsedAt?.getTime() ?? 0)).toBeGreaterThan(60_000);
      expect(later.version).toBe(first.version + 1);
    });

    it('is tried again when the database was away, and written when the process ends', async () => {
      const { actor } = await somebody();
      const { key, secret } = await aKey(actor);
      const usage = core.get(ApiKeyUsage);
      await present(secret);
      const execute = jest.spyOn(database, 'execute').mockRejectedValueOnce(new Error('away'));
      await usage.flush();
      execute.mockRestore();
      expect(await lastUsed(actor, key.id)).toBeNull();
      await usage.beforeApplicationShutdown();
      expect(await lastUsed(actor, key.id)).toBeInstanceOf(Date);
    });
  });
});
