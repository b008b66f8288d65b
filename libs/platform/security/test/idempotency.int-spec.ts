import { type Database, statement } from '@platform/database';
import { TimeOrderedIds } from '@platform/config';
import { declarationOf, type DomainDeclaration } from '@platform/kernel';
import {
  IdempotencyConfig,
  IdempotencyAnswerNotKept,
  type IdempotencyClaim,
  IdempotencyInProgress,
  IdempotencyKeyReused,
  type IdempotencyOutcome,
  IdempotencyStore,
  MOST_RESPONSE_BYTES,
  SecurityModule,
} from '@platform/security';
import { describeEachDatabase } from '../../../../test/support/databases';
import { EFFECTS } from './effects';

const CREATED = { status: 201, headers: { location: '/things/1' }, body: '{"id":"1","name":"ä 🙂"}' };

const ADD_EFFECT = statement('test.add_effect', 'INSERT INTO "effects" ("id", "name") VALUES (:id, :name)');
const COUNT_EFFECTS = statement(
  'test.count_effects',
  'SELECT COUNT(*) AS "number" FROM "effects" WHERE "name" = :name',
);
const COUNT_KEYS = statement('test.count_keys', 'SELECT COUNT(*) AS "number" FROM "idempotency_keys"');
const END_LOCK = statement('test.end_lock', `UPDATE "idempotency_keys" SET "locked_until" = :past WHERE "key" = :key`);
const END_KEY = statement('test.end_key', `UPDATE "idempotency_keys" SET "expires_at" = :past WHERE "key" = :key`);
const PAST = new Date(Date.now() - 5_000);

describeEachDatabase('idempotency', (place) => {
  const ids = new TimeOrderedIds();
  let database: Database;
  let store: IdempotencyStore;

  beforeAll(async () => {
    // The module declares its table with @Domain.
    database = await place.open([declarationOf(SecurityModule) as DomainDeclaration, EFFECTS]);
    store = new IdempotencyStore(database, new IdempotencyConfig({ lockSeconds: 60, ttlHours: 24 }), ids);
  });

  const begin = (key: string, fingerprint = 'a'.repeat(64)) => store.begin('user:1 POST /things', key, fingerprint);
  const effects = async (name: string) =>
    Number((await database.query<{ number: number }>(COUNT_EFFECTS, { name }))[0]?.number);

  /** What the pipeline does with a request. */
  async function request(
    key: string,
    work: () => Promise<void> = () => Promise.resolve(),
  ): Promise<IdempotencyOutcome> {
    const outcome = await begin(key);
    if (outcome.kind === 'replay') return outcome;
    try {
      await database.unitOfWork(async () => {
        await database.transaction(() => database.execute(ADD_EFFECT, { id: ids.next(), name: key }));
        await work();
        await store.complete(outcome.claim, CREATED);
      });
    } catch (error) {
      await store.release(outcome.claim);
      throw error;
    }
    return outcome;
  }

  const claimOf = (outcome: IdempotencyOutcome): IdempotencyClaim => {
    if (outcome.kind !== 'claimed') throw new Error('expected a claim');
    return outcome.claim;
  };

  it('lets a new key work, and repeats the answer to the letter afterwards', async () => {
    expect((await request('first')).kind).toBe('claimed');
    expect(await request('first')).toEqual({ kind: 'replay', response: CREATED });
    expect(await effects('first')).toBe(1);
  });

  it('repeats an answer without a body', async () => {
    const claim = claimOf(await begin('empty'));
    await store.complete(claim, { status: 204, headers: {}, body: null });
    expect(await begin('empty')).toEqual({ kind: 'replay', response: { status: 204, headers: {}, body: null } });
  });

  it('tells a second request that the first still runs, and when to come again', async () => {
    await begin('running');
    const refusal = await begin('running').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(IdempotencyInProgress);
    expect(refusal).toMatchObject({ status: 409, headers: { 'Retry-After': '1' } });
  });

  it('is visible to others while the work of the first is not yet committed', async () => {
    let seen: unknown;
    await request('visible', async () => {
      // Another request: outside of this one's transaction. On SQLite it waits for the file until the first commits.
      const second = database.dialect === 'postgres' ? database.detached(() => begin('visible')) : undefined;
      seen = await second?.catch((error: unknown) => error);
    });
    if (database.dialect === 'postgres') expect(seen).toBeInstanceOf(IdempotencyInProgress);
    expect((await begin('visible')).kind).toBe('replay');
  });

  it('has the effect once when fifty requests come at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => request('crowd')));
    const claimed = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.kind === 'claimed');
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(claimed).toHaveLength(1);
    expect(failures.every((failure) => failure instanceof IdempotencyInProgress)).toBe(true);
    expect(await effects('crowd')).toBe(1);
    expect((await begin('crowd')).kind).toBe('replay');
  });

  it('refuses another body under the same key, while the first runs and after it', async () => {
    const claim = claimOf(await begin('reused'));
    await expect(begin('reused', 'b'.repeat(64))).rejects.toBeInstanceOf(IdempotencyKeyReused);
    await store.complete(claim, CREATED);
    await expect(begin('reused', 'b'.repeat(64))).rejects.toMatchObject({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('keeps callers and routes apart', async () => {
    await request('shared-word');
    const other = await store.begin('user:2 POST /things', 'shared-word', 'c'.repeat(64));
    expect(other.kind).toBe('claimed');
  });

  it('keeps no answer of work that failed, and lets it be tried again at once', async () => {
    await expect(request('fails', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await effects('fails')).toBe(0);
    expect((await request('fails')).kind).toBe('claimed');
    expect(await effects('fails')).toBe(1);
  });

  it('frees the key of a process that died before its commit, once the lock is over', async () => {
    await begin('died');
    await expect(begin('died')).rejects.toBeInstanceOf(IdempotencyInProgress);
    await database.execute(END_LOCK, { past: PAST, key: 'died' });
    expect((await request('died')).kind).toBe('claimed');
    expect(await effects('died')).toBe(1);
  });

  it('lets one of many take over from a process that died', async () => {
    await begin('heirs');
    await database.execute(END_LOCK, { past: PAST, key: 'heirs' });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => begin('heirs')));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  it('rolls back a slow attempt whose key another one has taken over: the effect is there once', async () => {
    const slow = claimOf(await begin('slow'));
    await database.execute(END_LOCK, { past: PAST, key: 'slow' });
    expect((await request('slow')).kind).toBe('claimed');
    const late = database.unitOfWork(async () => {
      await database.transaction(() => database.execute(ADD_EFFECT, { id: ids.next(), name: 'slow' }));
      await store.complete(slow, CREATED);
    });
    await expect(late).rejects.toBeInstanceOf(IdempotencyInProgress);
    expect(await effects('slow')).toBe(1);
  });

  it('lets a slow attempt answer nothing while the one that took over works', async () => {
    const slow = claimOf(await begin('overtaken'));
    await database.execute(END_LOCK, { past: PAST, key: 'overtaken' });
    const heir = claimOf(await begin('overtaken'));
    await expect(store.complete(slow, CREATED)).rejects.toBeInstanceOf(IdempotencyInProgress);
    await store.complete(heir, { ...CREATED, body: 'of the heir' });
    expect(await begin('overtaken')).toMatchObject({ kind: 'replay', response: { body: 'of the heir' } });
  });

  it('repeats the answer of a slow attempt that completes just before it would be taken over', async () => {
    const slow = claimOf(await begin('photo-finish'));
    await database.execute(END_LOCK, { past: PAST, key: 'photo-finish' });
    const between = Object.create(database) as Database;
    between.query = async (...question: Parameters<Database['query']>) => {
      const rows = await database.query(...question);
      await store.complete(slow, CREATED).catch(() => undefined);
      // The caller's row type: these are the rows it asked for.
      return rows as never;
    };
    const late = new IdempotencyStore(between, new IdempotencyConfig({ lockSeconds: 60, ttlHours: 24 }), ids);
    const outcome = await late.begin('user:1 POST /things', 'photo-finish', 'a'.repeat(64));
    expect(outcome).toEqual({ kind: 'replay', response: CREATED });
  });

  it('lets a slow attempt give back nothing that is no longer its own', async () => {
    const slow = claimOf(await begin('not-yours'));
    await database.execute(END_LOCK, { past: PAST, key: 'not-yours' });
    await begin('not-yours');
    await store.release(slow);
    await expect(begin('not-yours')).rejects.toBeInstanceOf(IdempotencyInProgress);
  });

  it('never gives back a key whose work is done', async () => {
    const outcome = await request('done');
    await store.release(claimOf(outcome));
    expect((await begin('done')).kind).toBe('replay');
  });

  it('stores the answer if and only if the work is committed', async () => {
    const claim = claimOf(await begin('rolled-back'));
    const work = database.unitOfWork(async () => {
      await store.complete(claim, CREATED);
      throw new Error('after the answer');
    });
    await expect(work).rejects.toThrow('after the answer');
    await expect(begin('rolled-back')).rejects.toBeInstanceOf(IdempotencyInProgress);
  });

  it('does the work of an answer above 256 kB once, and says that the answer was not kept', async () => {
    const claim = claimOf(await begin('large'));
    await store.complete(claim, { ...CREATED, body: 'ä'.repeat(MOST_RESPONSE_BYTES / 2 + 1) });
    await expect(begin('large')).rejects.toBeInstanceOf(IdempotencyAnswerNotKept);
    const fits = claimOf(await begin('just-fits'));
    await store.complete(fits, { ...CREATED, body: 'x'.repeat(MOST_RESPONSE_BYTES) });
    expect((await begin('just-fits')).kind).toBe('replay');
  });

  it('treats a key as new after its time, purged or not', async () => {
    await request('old');
    await database.execute(END_KEY, { past: PAST, key: 'old' });
    expect((await begin('old', 'd'.repeat(64))).kind).toBe('claimed');
  });

  it('purges what is over and nothing else', async () => {
    const keys = async () => Number((await database.query<{ number: number }>(COUNT_KEYS))[0]?.number);
    const before = await keys();
    for (const key of ['purge-1', 'purge-2']) {
      await request(key);
      await database.execute(END_KEY, { past: PAST, key });
    }
    expect(await store.purgeExpired(new Date())).toBe(2);
    expect(await keys()).toBe(before);
    expect(await store.purgeExpired(new Date())).toBe(0);
    expect((await begin('first')).kind).toBe('replay');
  });

  it('gives its key back without an error when the database is away', async () => {
    const claim = claimOf(await begin('away'));
    const away = Object.create(database) as Database;
    away.detached = () => Promise.reject(new Error('connection refused'));
    const elsewhere = new IdempotencyStore(away, new IdempotencyConfig({ lockSeconds: 60, ttlHours: 24 }), ids);
    await expect(elsewhere.release(claim)).resolves.toBeUndefined();
  });
});
