import { type AuditRow, AuditTrail } from '@platform/audit';
import { describeEachDatabase } from '../../../../test/support/databases';
import { NotesService } from './notes.module';
import { type ProbeApp, startProbe } from './probe-app';

const NOTES = '/api/v1/app/notes';

describeEachDatabase('the pipeline', (database) => {
  let probe: ProbeApp;
  let names = 0;
  const freshName = (): string => `note ${++names}`;

  beforeAll(async () => {
    probe = await startProbe({
      ...database.environment(),
      RATE_LIMIT_AUTHENTICATED: '10000/minute',
      RATE_LIMIT_DEFAULT: '10000/minute',
    });
  });
  afterAll(() => probe.close());

  const create = (headers: Record<string, string> = {}, name = freshName(), as = 'ann') =>
    probe.call('POST', NOTES, { as, body: { name }, headers });
  const trailOf = async (action: string): Promise<AuditRow[]> =>
    (await probe.app.get(AuditTrail).page({ action, skip: 0, limit: 100 })).items;

  it('answers one controller plainly in v1 and in the envelope in v2', async () => {
    const { body: note } = await create();
    const v1 = await probe.call('GET', `${NOTES}/${note.id}`, { as: 'ann' });
    const v2 = await probe.call('GET', `/api/v2/app/notes/${note.id}`, { as: 'ann' });
    expect(v1.body).toEqual(note);
    expect(v2.body).toEqual({
      data: note,
      meta: { request_id: v2.headers.get('x-request-id'), timestamp: expect.stringMatching(/Z$/), version: 'v2' },
    });
  });

  it('keeps the exact page of v1 and puts the next cursor into Link, and into meta.page in v2', async () => {
    await create();
    const v1 = await probe.call('GET', `${NOTES}?limit=1&skip=0`, { as: 'ann' });
    expect(Object.keys(v1.body)).toEqual(['items', 'total', 'skip', 'limit']);
    expect(v1.headers.get('link')).toBe(`<${NOTES}?limit=1&cursor=abc.def>; rel="next"`);
    const v2 = await probe.call('GET', '/api/v2/app/notes?limit=1&cursor=last', { as: 'ann' });
    expect(v2.body.data).toEqual(v1.body.items);
    expect(v2.body.meta.page).toEqual({ total: v1.body.total, skip: 0, limit: 1, next_cursor: null });
    expect(v2.headers.get('link')).toBeNull();
  });

  it('refuses a page out of bounds and unknown parameters with 422 naming the field', async () => {
    for (const [query, field] of [
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['skip=-1', 'skip'],
      ['skip=1.5', 'skip'],
      ['limit=1&limit=2', 'limit'],
      ['colour=red', 'colour'],
    ]) {
      const { status, body } = await probe.call('GET', `${NOTES}?${query}`, { as: 'ann' });
      expect([query, status, body.error.code]).toEqual([query, 422, 'VALIDATION_ERROR']);
      expect(body.error.details.errors[0].field).toBe(field);
    }
  });

  it('names nested and unknown body fields by their path', async () => {
    const body = { name: 'x', parts: [{ word: 'fine' }, { word: 'much too long a word', size: 1 }], colour: 'red' };
    const answer = await probe.call('POST', NOTES, { as: 'ann', body });
    expect(answer.status).toBe(422);
    expect(answer.body.error.details.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'colour',
      'parts.1.size',
      'parts.1.word',
    ]);
  });

  it('lets nobody in without credentials, with bad ones, frozen ones, or without the permission', async () => {
    const status = async (as?: string, path = NOTES, method = 'GET') => (await probe.call(method, path, { as })).status;
    expect(await status()).toBe(401);
    expect(await status('eve')).toBe(401);
    expect(await status('frozen')).toBe(403);
    expect(await status('bob')).toBe(403);
    expect(await status('away')).toBe(503);
    expect(await status('ann')).toBe(200);
    const challenged = await probe.call('GET', NOTES);
    expect(challenged.headers.get('www-authenticate')).toBe('Bearer');
    expect(challenged.body.error.message).toBe('Authentication required');
    for (const authorization of ['ann', 'Basic YW5uOg==', 'Token ann']) {
      const { body, status: refused } = await probe.call('GET', NOTES, { headers: { authorization } });
      expect([refused, body.error.message]).toEqual([
        401,
        'The Authorization header has no Bearer in it: send "Authorization: Bearer <token>"',
      ]);
    }
  });

  it('tags single resources, answers 304 to the tag and 412 to a stale If-Match', async () => {
    const created = await create();
    const path = `${NOTES}/${created.body.id}`;
    expect(created.headers.get('etag')).toBe('"1"');
    const unchanged = await probe.call('GET', path, { as: 'ann', headers: { 'if-none-match': 'W/"7", "1"' } });
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
    const rename = (etag: string) =>
      probe.call('PATCH', path, { as: 'ann', body: { name: freshName() }, headers: { 'if-match': etag } });
    expect((await rename('"1"')).headers.get('etag')).toBe('"2"');
    for (const [tag, reason] of [
      ['"1"', 'stale'],
      ['"zzz"', 'foreign'],
      ['W/"2"', 'weak'],
    ] as const) {
      const refused = await rename(tag);
      expect([refused.status, refused.body.error.details.reason]).toEqual([412, reason]);
    }
    const missing = await probe.call('PATCH', `${NOTES}/0198f1c2-6f3a-7000-8000-0000000000ff`, {
      as: 'ann',
      body: { name: freshName() },
      headers: { 'if-match': 'W/"2"' },
    });
    expect(missing.status).toBe(404);
    expect((await rename('*')).status).toBe(200);
    expect((await rename('"2", "3"')).status).toBe(400);
  });

  it('runs the whole unit again when its transaction lost a race, and records it once', async () => {
    const notes = probe.app.get(NotesService, { strict: false });
    const before = notes.created;
    notes.failOnce = Object.assign(new Error('could not serialize access'), { code: '40001' });
    const answer = await create({ 'idempotency-key': 'raced' });
    expect([answer.status, notes.created - before]).toEqual([201, 2]);
    const rows = (await trailOf('note.created')).filter(({ resourceId }) => resourceId === answer.body.id);
    expect(rows).toHaveLength(1);
    expect((await probe.call('GET', `${NOTES}/${answer.body.id}`, { as: 'ann' })).status).toBe(200);
  });

  describe('Idempotency-Key', () => {
    const notes = () => probe.app.get(NotesService, { strict: false });

    it('repeats the first answer and does the work once', async () => {
      const name = freshName();
      const first = await create({ 'idempotency-key': 'one' }, name);
      const before = notes().created;
      const again = await create({ 'idempotency-key': 'one' }, name);
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.body).toEqual(first.body);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      expect(notes().created).toBe(before);
    });

    it('refuses another body under the key, and keeps callers apart', async () => {
      await create({ 'idempotency-key': 'two' });
      const other = await create({ 'idempotency-key': 'two' });
      expect([other.status, other.body.error.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
      expect((await create({ 'idempotency-key': 'two' }, freshName(), 'cid')).status).toBe(201);
    });

    it('keeps apart whom a caller acts for: nothing of a tenant is repeated to them for themselves', async () => {
      const key = { 'idempotency-key': 'tenant' };
      const name = freshName();
      const forTenant = await create(key, name, 'cid.acme');
      expect(forTenant.status).toBe(201);
      const forHimself = await create(key, name, 'cid');
      expect([forHimself.status, forHimself.headers.get('idempotency-replayed')]).toEqual([409, null]);
      expect((await create(key, name, 'cid.acme')).body).toEqual(forTenant.body);
    });

    it('answers 409 while the first is running', async () => {
      const { reached, release } = notes().hold();
      const name = freshName();
      const first = create({ 'idempotency-key': 'three' }, name);
      await reached;
      const second = await create({ 'idempotency-key': 'three' }, name);
      release();
      expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
      expect((await first).status).toBe(201);
    });

    it('does not keep a refusal: the corrected request may use the key again', async () => {
      const taken = await create();
      expect((await create({ 'idempotency-key': 'four' }, taken.body.name)).status).toBe(409);
      expect((await create({ 'idempotency-key': 'four' })).status).toBe(201);
    });

    it('refuses a key that is too long', async () => {
      expect((await create({ 'idempotency-key': 'k'.repeat(256) })).status).toBe(422);
    });
  });

  describe('the audit trail', () => {
    it('has one row for a success, with the thing that the service named', async () => {
      const { body, headers } = await create();
      const row = (await trailOf('note.created')).find(({ resourceId }) => resourceId === body.id);
      expect(row).toMatchObject({ outcome: 'success', actorId: 'ann', requestId: headers.get('x-request-id') });
    });

    it('has the refusals of guard and service', async () => {
      const id = '0198f1c2-6f3a-7000-8000-000000000001';
      await probe.call('DELETE', `${NOTES}/${id}`, { as: 'bob' });
      await probe.call('PATCH', `${NOTES}/${id}`, { as: 'ann', body: { name: 'x' } });
      const rows = [...(await trailOf('note.deleted')), ...(await trailOf('note.renamed'))];
      const refused = rows.filter(({ resourceId }) => resourceId === id);
      expect(refused.map(({ outcome, actorId, details }) => [outcome, actorId, details])).toEqual([
        ['refused', 'bob', { status: 403, code: 'AUTHORIZATION_ERROR' }],
        ['refused', 'ann', { status: 404, code: 'NOT_FOUND' }],
      ]);
    });

    it('has no row for work that was rolled back', async () => {
      const { body } = await create();
      const before = (await trailOf('note.created')).length;
      expect((await create({}, body.name)).status).toBe(409);
      expect((await trailOf('note.created')).length).toBe(before);
    });
  });
});
