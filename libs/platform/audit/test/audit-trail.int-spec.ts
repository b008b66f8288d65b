import { AuditModule, AuditTrail } from '@platform/audit';
import { type Database, fromJson, Migrator, statement } from '@platform/database';
import {
  type Actor,
  type Constructor,
  declarationOf,
  type DomainDeclaration,
  runInContext,
  SystemClock,
  systemActor,
} from '@platform/kernel';
import { TimeOrderedIds } from '@platform/config';
import { configureLogging } from '@platform/observability';
import { coreAndDatabase, describeEachDatabase, storeOf } from '../../../../test/support/databases';
import { AuditRows } from '../src/audit-row.repository';

const AUDIT = declarationOf(AuditModule) as DomainDeclaration;

const ALICE: Actor = {
  kind: 'user',
  id: '01900000-0000-7000-8000-000000000001',
  email: 'alice@example.org',
  role: 'admin',
  permissions: new Set(),
  impersonatorId: '01900000-0000-7000-8000-000000000002',
};

const context = (actor?: Actor) => ({
  requestId: 'req-1',
  actor,
  clientAddress: '192.0.2.7',
  userAgent: 'curl/8',
});

const BY_ACTION = statement(
  'test.audit-by-action',
  'SELECT * FROM audit_logs WHERE action = :action ORDER BY sequence',
);
const COUNT = statement('test.audit-count', 'SELECT count(*) AS count FROM audit_logs');

describeEachDatabase('the audit trail', (test) => {
  let database: Database;
  let trail: AuditTrail;

  beforeAll(async () => {
    database = await test.open([AUDIT]);
    trail = new AuditTrail(database, new AuditRows(storeOf(database)), new SystemClock(), new TimeOrderedIds());
  });

  const rowsOf = (action: string) => database.query<Record<string, unknown>>(BY_ACTION, { action });
  const count = async () => Number((await database.query<{ count: number | string }>(COUNT))[0]?.count);

  it('names the API key that acted for the person', async () => {
    const details = { code: 'X' };
    await runInContext(context({ ...ALICE, apiKeyId: 'k1' }), () => trail.append({ action: 'who.key', details }));
    const [row] = await rowsOf('who.key');
    expect(fromJson(row?.details)).toEqual({ code: 'X', by_key: 'k1' });
  });

  it('copies who acted, from where and in which request, as of that moment', async () => {
    await runInContext(context(ALICE), () =>
      trail.append({ action: 'who.person', resourceType: 'bed', resourceId: '7' }),
    );

    expect(await rowsOf('who.person')).toEqual([
      expect.objectContaining({
        actor_id: ALICE.id,
        actor_email: 'alice@example.org',
        actor_role: 'admin',
        impersonator_id: ALICE.impersonatorId,
        outcome: 'success',
        resource_type: 'bed',
        resource_id: '7',
        ip_address: '192.0.2.7',
        user_agent: 'curl/8',
        request_id: 'req-1',
      }),
    ]);
  });

  it('names the system by its role and leaves the person empty', async () => {
    await runInContext(context(systemActor('purge')), () => trail.append({ action: 'who.system' }));
    await trail.append({ action: 'who.nobody' });

    expect(await rowsOf('who.system')).toEqual([
      expect.objectContaining({ actor_id: null, actor_role: 'system:purge' }),
    ]);
    expect(await rowsOf('who.nobody')).toEqual([expect.objectContaining({ actor_id: null, actor_role: null })]);
  });

  it('vanishes with the change that it belongs to', async () => {
    const work = database.transaction(async () => {
      await trail.append({ action: 'rolled.back' });
      throw new Error('no');
    });

    await expect(work).rejects.toThrow('no');
    expect(await rowsOf('rolled.back')).toEqual([]);
    expect(await trail.verify()).not.toHaveProperty('broken.reason');
  });

  it('keeps a refusal although the work rolled back, without what did not happen', async () => {
    await runInContext(context(ALICE), async () => {
      const work = database.unitOfWork(async () => {
        trail.note({ resourceType: 'bed', resourceId: '9', details: { after: { depth: 3 } } });
        await trail.append({ action: 'refused.inner' });
        throw new Error('no');
      });
      await work.catch(() => trail.refused({ action: 'refused.outer', description: 'no', details: { code: 'NOPE' } }));
    });

    expect(await rowsOf('refused.inner')).toEqual([]);
    const [row] = await rowsOf('refused.outer');
    expect(row).toMatchObject({ outcome: 'refused', resource_type: 'bed', resource_id: '9', description: 'no' });
    expect(JSON.stringify(row?.details)).toContain('NOPE');
    expect(JSON.stringify(row?.details)).not.toContain('depth');
  });

  it('keeps a refusal that is recorded inside a unit of work which then rolls back', async () => {
    const work = database.unitOfWork(async () => {
      await trail.refused({ action: 'refused.inside' });
      throw new Error('no');
    });

    await expect(work).rejects.toThrow('no');
    expect(await rowsOf('refused.inside')).toEqual([expect.objectContaining({ outcome: 'refused' })]);
  });

  it('adds what services noted to the row of the running work, once', async () => {
    await runInContext(context(ALICE), async () => {
      trail.note({ resourceId: 'first', details: { before: { name: 'A' }, after: { name: 'B' } } });
      trail.note({ resourceId: '12', details: { after: { name: 'C' } } });
      await trail.conclude({
        action: 'noted.work',
        resourceType: 'bed',
        resourceId: 'route',
        details: { source: 'api' },
      });
      await trail.conclude({ action: 'noted.later' });
    });
    trail.note({ description: 'outside of any work' });

    const [row] = await rowsOf('noted.work');
    expect(row).toMatchObject({ resource_type: 'bed', resource_id: '12' });
    expect(typeof row?.details === 'string' ? JSON.parse(row.details) : row?.details).toEqual({
      source: 'api',
      before: { name: 'A' },
      after: { name: 'C' },
    });
    expect(await rowsOf('noted.later')).toEqual([expect.objectContaining({ resource_id: null })]);
  });

  it('cuts what is too long rather than stop the work', async () => {
    const long = { ...context(ALICE), userAgent: `${'u'.repeat(2_000)}\0`, clientAddress: 'a'.repeat(100) };

    await runInContext(long, () => trail.append({ action: 'long.values', resourceId: 'i'.repeat(999) }));

    const [row] = await rowsOf('long.values');
    expect([row?.user_agent, row?.ip_address, row?.resource_id].map((text) => String(text).length)).toEqual([
      500, 45, 255,
    ]);
  });

  it.each([
    ['numbers', { numbers: [1e21, 1e-7, 123456789012345, -0, 0.1, 5e-324, 1.7976931348623157e308] }],
    ['letters', { text: 'Ünïcödé 😀 \u2028 " \\ \u0001', ['ключ']: null, '10': 1, '9': 2 }],
    ['what is no JSON', { text: 'a\0b\ud800', nan: NaN }],
    ['secrets', { password: 'hush', nested: [{ api_key: 'hush' }] }],
    ['too much', { rows: Array<string>(100).fill('x'.repeat(500)) }],
  ])('reads %s back to the same hash', async (_title, details) => {
    await trail.append({ action: 'round.trip', details });

    expect(await trail.verify()).not.toHaveProperty('broken.reason');
  });

  it('keeps one unbroken chain under a thousand appends, a hundred at a time', async () => {
    const before = await count();
    const started = performance.now();

    // All thousand at once would measure how long the pool lets somebody wait for a connection.
    const lane = async (requestId: string) => {
      for (let index = 0; index < 10; index++) {
        await runInContext({ requestId, actor: ALICE }, () =>
          database.transaction(() => trail.append({ action: 'burst.append', details: { index } })),
        );
      }
    };
    await Promise.all(Array.from({ length: 100 }, (_, index) => lane(`lane-${index}`)));

    const seconds = (performance.now() - started) / 1_000;
    const verdict = await trail.verify();
    expect(verdict).not.toHaveProperty('broken.reason');
    expect(verdict.rows).toBe(before + 1_000);
    expect(verdict.head.sequence).toBe(before + 1_000);
    // 0.6 s on SQLite and 1.0 s on PostgreSQL on two idle cores; the bound leaves room for busy ones.
    expect(seconds).toBeLessThan(20);
  });

  it('verifies while others append', async () => {
    const appending = (async () => {
      for (let index = 0; index < 50; index++) await trail.append({ action: 'meanwhile.append' });
    })();
    for (let run = 0; run < 5; run++) expect(await trail.verify()).not.toHaveProperty('broken.reason');
    await appending;
  });

  it('refuses UPDATE, DELETE and TRUNCATE by anybody', async () => {
    const before = await count();
    const attempts = [
      `UPDATE audit_logs SET action = 'forged.action'`,
      'DELETE FROM audit_logs',
      `DELETE FROM audit_logs WHERE action = 'who.person'`,
      ...(test.dialect === 'postgres'
        ? ['TRUNCATE audit_logs', 'TRUNCATE audit_heads']
        : [
            'INSERT OR REPLACE INTO audit_logs SELECT * FROM audit_logs',
            'REPLACE INTO audit_heads SELECT * FROM audit_heads',
          ]),
      'DELETE FROM audit_heads',
      'UPDATE audit_heads SET sequence = sequence - 1',
      'UPDATE audit_heads SET sequence = sequence + 1',
      `UPDATE audit_heads SET row_hash = '${'0'.repeat(64)}'`,
    ];

    for (const sql of attempts) {
      await expect(database.manager.query(sql)).rejects.toThrow(/append-only|moves forward/);
    }
    expect(await count()).toBe(before);
    expect(await trail.verify()).not.toHaveProperty('broken.reason');
  });

  /** What verify says after `tamper` was done by somebody who may drop triggers; all of it rolls back. */
  async function verdictAfter(...tamper: string[]) {
    const disarm =
      test.dialect === 'postgres'
        ? ['ALTER TABLE audit_logs DISABLE TRIGGER USER', 'ALTER TABLE audit_heads DISABLE TRIGGER USER']
        : (
            await database.manager.query<{ name: string }[]>(
              `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'`,
            )
          ).map(({ name }) => `DROP TRIGGER ${name}`);
    let verdict: Awaited<ReturnType<AuditTrail['verify']>> | undefined;
    const rolledBack = new Error('rolled back');
    const work = database.transaction(async () => {
      for (const sql of [...disarm, ...tamper]) await database.manager.query(sql);
      verdict = await trail.verify();
      throw rolledBack;
    });
    await expect(work).rejects.toBe(rolledBack);
    return verdict;
  }

  const LAST = '(SELECT max(sequence) FROM audit_logs)';
  it.each([
    ['a changed text', [`UPDATE audit_logs SET description = 'forged' WHERE sequence = 3`], 3, 'changed after'],
    ['changed details', [`UPDATE audit_logs SET details = '{"forged":true}' WHERE sequence = 4`], 4, 'changed after'],
    [
      'a changed time',
      [`UPDATE audit_logs SET created_at = '2020-01-01T00:00:00.000Z' WHERE sequence = 2`],
      2,
      'changed',
    ],
    ['a changed outcome', [`UPDATE audit_logs SET outcome = 'failed' WHERE sequence = 2`], 2, 'changed after'],
    ['a deleted row', ['DELETE FROM audit_logs WHERE sequence = 3'], 4, 'rows 3 to 3 before it are missing'],
    ['a deleted first row', ['DELETE FROM audit_logs WHERE sequence = 1'], 2, 'rows 1 to 1 before it are missing'],
    [
      'two rows that changed places',
      [
        'UPDATE audit_logs SET sequence = -2 WHERE sequence = 2',
        'UPDATE audit_logs SET sequence = 2 WHERE sequence = 3',
        'UPDATE audit_logs SET sequence = 3 WHERE sequence = -2',
      ],
      2,
      'reordered',
    ],
    ['a row before the first', ['UPDATE audit_logs SET sequence = -5 WHERE sequence = 4'], -5, 'inserted'],
    [
      'a row behind the end',
      [`UPDATE audit_logs SET sequence = ${LAST} + 1 WHERE sequence = ${LAST}`],
      undefined,
      'missing',
    ],
    ['a truncated end', [`DELETE FROM audit_logs WHERE sequence = ${LAST}`], undefined, 'missing from the end'],
    ['an emptied table', ['DELETE FROM audit_logs'], 0, 'missing from the end'],
    ['a head set back', ['UPDATE audit_heads SET sequence = sequence - 1'], undefined, 'audit_heads says'],
    [
      'a last row that was rewritten with its own hash',
      [`UPDATE audit_heads SET row_hash = '${'a'.repeat(64)}'`],
      undefined,
      'not that of the last row',
    ],
  ])('finds %s', async (_title, tamper, sequence, reason) => {
    const verdict = await verdictAfter(...tamper);

    expect(verdict?.broken?.reason).toContain(reason);
    if (sequence !== undefined) expect(verdict?.broken?.sequence).toBe(sequence);
  });

  it('lists newest first, by every filter, with the number of all matches', async () => {
    const noon = new Date('2030-01-01T12:00:00.000Z');
    const at = (minutes: number) => ({ now: () => new Date(noon.getTime() + minutes * 60_000) });
    for (let minute = 0; minute < 5; minute++) {
      const then = new AuditTrail(database, new AuditRows(storeOf(database)), at(minute), new TimeOrderedIds());
      const actor = minute % 2 === 0 ? ALICE : undefined;
      await runInContext(context(actor), () =>
        then.append({
          action: 'list.row',
          resourceType: 'tree',
          resourceId: String(minute),
          description: `m${minute}`,
        }),
      );
    }
    const page = async (filter: object) => {
      const { items, total } = await trail.page({ skip: 0, limit: 50, action: 'list.row', ...filter });
      return [items.map((row) => row.description).join(' '), total];
    };

    expect(await page({})).toEqual(['m4 m3 m2 m1 m0', 5]);
    expect(await page({ skip: 1, limit: 2 })).toEqual(['m3 m2', 5]);
    expect(await page({ actorId: ALICE.id })).toEqual(['m4 m2 m0', 3]);
    expect(await page({ resourceType: 'tree', resourceId: '3' })).toEqual(['m3', 1]);
    expect(await page({ startDate: at(1).now(), endDate: at(3).now() })).toEqual(['m3 m2 m1', 3]);
    expect(await page({ endDate: at(0).now() })).toEqual(['m0', 1]);
    expect(await page({ startDate: at(4).now() })).toEqual(['m4', 1]);
    expect(await page({ action: 'no.such' })).toEqual(['', 0]);
  });

  it('finds one row, with its times and details as values', async () => {
    const [newest] = (await trail.page({ action: 'list.row', skip: 0, limit: 1 })).items;

    const row = await trail.mustFind(newest?.id ?? '');

    expect(row).toMatchObject({ description: 'm4', details: {}, createdAt: new Date('2030-01-01T12:04:00.000Z') });
    await expect(trail.mustFind('01900000-0000-7000-8000-00000000dead')).rejects.toMatchObject({ status: 404 });
  });

  it('has the schema that its entities say', async () => {
    const { core, database: settings } = coreAndDatabase(test.environment());

    expect(await new Migrator(core, settings, [AUDIT]).drift()).toEqual([]);
  });

  it('answers the error although the refusal cannot be recorded, and says so in the log', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    configureLogging({ level: 'INFO', format: 'json', service: 't', environment: 'local', destination });
    const AWAY: Constructor<Database> = class {
      detached = () => Promise.reject(new Error('the database is away'));
    } as unknown as Constructor<Database>;
    const lonely = new AuditTrail(
      new AWAY(),
      new AuditRows(storeOf(database)),
      new SystemClock(),
      new TimeOrderedIds(),
    );

    await lonely.refused({ action: 'refused.unrecorded' });

    expect(lines.join('')).toContain('A refusal could not be recorded');
  });
});
