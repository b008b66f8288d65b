import { randomUUID } from 'node:crypto';
import { describeEachMode } from '../../support/modes';
import { type Person, signUp } from '../../support/people';
import { type EnvelopeWire, type ErrorWire, type PageWire, type ProjectWire } from '../../support/wire';

const PROJECTS = '/api/v1/app/projects';

describeEachMode('the idempotency key', (stack) => {
  let person: Person;

  beforeEach(async () => {
    person = await signUp(stack());
  });

  function create(name: string, key: string, by = person) {
    return by.client.post<ProjectWire & ErrorWire>(PROJECTS, { name }, { headers: { 'idempotency-key': key } });
  }

  async function count(by = person): Promise<number> {
    return (await by.client.get<PageWire<ProjectWire>>(PROJECTS)).body.total;
  }

  it('answers a repetition with the first answer and creates nothing', async () => {
    const key = randomUUID();
    const first = await create('Once', key);
    const again = await create('Once', key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await count()).toBe(1);
  });

  it('answers a repetition with its own request id', async () => {
    const key = randomUUID();
    const first = await create('Once', key);
    const again = await create('Once', key);
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });

  it('means one effect in every version of the API, and each answers in its own form', async () => {
    const key = randomUUID();
    const headers = { 'idempotency-key': key };
    const first = await create('Once', key);
    const inV2 = () =>
      person.client.post<EnvelopeWire<ProjectWire>>('/api/v2/app/projects', { name: 'Once' }, { headers });
    const again = await inV2();
    expect([again.status, again.body.data]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await count()).toBe(1);
    const at = randomUUID();
    const both = await Promise.all([
      create('At once', at),
      person.client.post('/api/v2/app/projects', { name: 'At once' }, { headers: { 'idempotency-key': at } }),
    ]);
    for (const { status } of both) expect([201, 409]).toContain(status);
    expect(await count()).toBe(2);
  });

  it('refuses another body under the same key with 422', async () => {
    const key = randomUUID();
    await create('First', key);
    const other = await create('Second', key);
    expect(other.status).toBe(422);
    expect(await count()).toBe(1);
  });

  it('creates one row for twenty parallel requests with one key', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create('Twenty', key)));
    const created = answers.filter((answer) => answer.status === 201);
    const waiting = answers.filter((answer) => answer.status === 409);
    expect(created.length + waiting.length).toBe(20);
    expect(created.length).toBeGreaterThanOrEqual(1);
    expect(new Set(created.map((answer) => answer.body.id)).size).toBe(1);
    expect(created.filter((answer) => !answer.headers.has('idempotency-replayed'))).toHaveLength(1);
    for (const answer of waiting) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await count()).toBe(1);
  });

  it('keeps the keys of two people apart', async () => {
    const other = await signUp(stack());
    const key = randomUUID();
    await create('Mine', key);
    const theirs = await create('Theirs', key, other);
    expect([theirs.status, theirs.body.name]).toEqual([201, 'Theirs']);
    expect([await count(), await count(other)]).toEqual([1, 1]);
  });

  it('does not remember a refusal: the corrected request may use the key again', async () => {
    const key = randomUUID();
    expect((await create('', key)).status).toBe(422);
    expect((await create('Corrected', key)).status).toBe(201);
  });

  it.each([
    ['of 256 characters', 'k'.repeat(256)],
    ['that is empty', ''],
  ])('refuses a key %s with 4xx', async (_what, key) => {
    const answer = await create('Odd key', key);
    // An empty header value counts as absent in some clients; neither way may it fail on our side.
    expect(key === '' ? [201, 400, 422] : [400, 422]).toContain(answer.status);
  });

  it('creates twice without a key', async () => {
    await person.client.post(PROJECTS, { name: 'Same' });
    await person.client.post(PROJECTS, { name: 'Same' });
    expect(await count()).toBe(2);
  });
});
