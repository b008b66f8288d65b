import { describeEachMode } from '../../support/modes';
import { type Person, signUp } from '../../support/people';
import { type EnvelopeWire, type ErrorWire, type PageWire, type ProjectWire } from '../../support/wire';

const V1 = '/api/v1/app/projects';
const V2 = '/api/v2/app/projects';

describeEachMode('projects', (stack) => {
  describe('lists of projects by cursor', () => {
    let person: Person;
    const names = Array.from({ length: 7 }, (_, index) => `Project ${index}`);

    beforeAll(async () => {
      person = await signUp(stack());
      for (const name of names) await person.client.post(V1, { name });
    });

    const pageOfV2 = (query: Record<string, string | number>) =>
      person.client.get<EnvelopeWire<ProjectWire[]>>(V2, { query });

    it('walks the whole list, newest first, each project once, and ends with null', async () => {
      const seen: string[] = [];
      let cursor: string | null | undefined;
      let pages = 0;
      do {
        const { body } = await pageOfV2({ limit: 3, ...(cursor ? { cursor } : {}) });
        seen.push(...body.data.map((project) => project.name));
        cursor = body.meta.page?.next_cursor;
        pages++;
      } while (cursor && pages < 10);
      expect(seen).toEqual([...names].reverse());
      expect([pages, cursor]).toEqual([3, null]);
    });

    it('loses and repeats nothing while projects are added during the walk', async () => {
      const walker = await signUp(stack());
      for (const name of ['a', 'b', 'c', 'd']) await walker.client.post(V1, { name });
      const first = await walker.client.get<EnvelopeWire<ProjectWire[]>>(V2, { query: { limit: 2 } });
      await walker.client.post(V1, { name: 'late' });
      const cursor = first.body.meta.page?.next_cursor ?? '';
      const second = await walker.client.get<EnvelopeWire<ProjectWire[]>>(V2, { query: { limit: 2, cursor } });
      expect([...first.body.data, ...second.body.data].map((project) => project.name)).toEqual(['d', 'c', 'b', 'a']);
    });

    it('walks a search in the order of names', async () => {
      const first = await pageOfV2({ limit: 4, search: 'project' });
      const second = await pageOfV2({ limit: 4, search: 'project', cursor: first.body.meta.page?.next_cursor ?? '' });
      expect([...first.body.data, ...second.body.data].map((project) => project.name)).toEqual(names);
    });

    it('links the next page on v1, whose body stays as it was', async () => {
      const first = await person.client.get<PageWire<ProjectWire>>(V1, { query: { limit: 5 } });
      expect(Object.keys(first.body).sort()).toEqual(['items', 'limit', 'skip', 'total']);
      const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
      const second = await person.client.get<PageWire<ProjectWire>>(next);
      expect(second.body.items.map((project) => project.name)).toEqual(['Project 1', 'Project 0']);
      expect(second.headers.get('link') ?? '').not.toContain('rel="next"');
    });

    it('refuses a cursor that was tampered with, made up, or of another list, with 4xx', async () => {
      const { body } = await pageOfV2({ limit: 2 });
      const cursor = body.meta.page?.next_cursor ?? '';
      const flipped = cursor.slice(0, -2) + (cursor.endsWith('AA') ? 'BB' : 'AA');
      for (const wrong of [flipped, 'nonsense', Buffer.from('{"id":1}').toString('base64url'), cursor.slice(1)]) {
        const answer = await person.client.get<ErrorWire>(V2, { query: { cursor: wrong } });
        expect([400, 422]).toContain(answer.status);
      }
      const searched = await person.client.get(V2, { query: { cursor, search: 'Project' } });
      expect([400, 422]).toContain(searched.status);
    });

    it('does not open another person’s list with a cursor', async () => {
      const other = await signUp(stack());
      const { body } = await pageOfV2({ limit: 2 });
      const answer = await other.client.get<EnvelopeWire<ProjectWire[]>>(V2, {
        query: { cursor: body.meta.page?.next_cursor ?? '' },
      });
      if (answer.status === 200) expect(answer.body.data).toEqual([]);
      else expect([400, 422]).toContain(answer.status);
    });
  });

  describe('projects on v2', () => {
    it('live the same life as on v1, in the envelope', async () => {
      const { client } = await signUp(stack());
      const created = await client.post<EnvelopeWire<ProjectWire>>(V2, { name: 'Second version', description: 'x' });
      expect(created.status).toBe(201);
      expect(created.body.meta).toMatchObject({ version: 'v2', request_id: created.headers.get('x-request-id') });
      const path = `${V2}/${created.body.data.id}`;
      const read = await client.get<EnvelopeWire<ProjectWire>>(path);
      expect(read.body.data).toEqual(created.body.data);
      expect((await client.get<ProjectWire>(`${V1}/${created.body.data.id}`)).body).toEqual(created.body.data);
      const patched = await client.patch<EnvelopeWire<ProjectWire>>(path, { name: 'Renamed' });
      expect(patched.body.data.name).toBe('Renamed');
      const listed = await client.get<EnvelopeWire<ProjectWire[]>>(V2);
      expect(listed.body.data).toHaveLength(1);
      expect(listed.body.meta.page).toEqual({ total: 1, skip: 0, limit: 20, next_cursor: null });
      const gone = await client.delete(path);
      expect([gone.status, gone.text]).toEqual([204, '']);
    });

    it('answers errors in the envelope of v1', async () => {
      const { client } = await signUp(stack());
      const answer = await client.post<ErrorWire>(V2, {});
      expect([answer.status, answer.body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
    });

    it('has the same entity tag as v1', async () => {
      const { client } = await signUp(stack());
      const { body } = await client.post<ProjectWire>(V1, { name: 'Tagged' });
      const tags = [`${V1}/${body.id}`, `${V2}/${body.id}`].map(async (path) =>
        (await client.get(path)).headers.get('etag'),
      );
      const [v1, v2] = await Promise.all(tags);
      expect(v1).toBe(v2);
      const unchanged = await client.get(`${V2}/${body.id}`, { headers: { 'if-none-match': v2 ?? '' } });
      expect([unchanged.status, unchanged.text]).toEqual([304, '']);
    });
  });
});
