import { describeEachMode } from '../../support/modes';
import { type Person, signUp, withRole } from '../../support/people';
import { type ErrorWire, type PageWire, type ProjectWire } from '../../support/wire';

const PROJECTS = '/api/v1/app/projects';
const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000dead';

describeEachMode('projects on v1', (stack) => {
  let owner: Person;
  let stranger: Person;

  beforeAll(async () => {
    owner = await signUp(stack());
    stranger = await signUp(stack());
  });

  async function create(name: string, by = owner, description?: string): Promise<ProjectWire> {
    const answer = await by.client.post<ProjectWire>(PROJECTS, { name, description });
    expect(answer.status).toBe(201);
    return answer.body;
  }

  it('creates a project with name and description and answers 201 with its id and time', async () => {
    const project = await create('Apollo', owner, 'To the moon');
    expect(project).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      name: 'Apollo',
      description: 'To the moon',
      owner_id: owner.user.id,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: expect.stringMatching(/\.\d{3}Z$/),
    });
    const rows = await stack().sql('SELECT name FROM projects WHERE id = ?', project.id);
    expect(rows).toEqual([{ name: 'Apollo' }]);
  });

  it('creates a project with a name only; the description is null', async () => {
    expect((await create('Bare')).description).toBeNull();
  });

  it.each([
    ['no name', {}, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 'name'],
    ['a name that is a number', { name: 7 }, 'name'],
    ['a name that is a list', { name: ['a'] }, 'name'],
    ['a description of 2001 characters', { name: 'ok', description: 'x'.repeat(2001) }, 'description'],
    ['a field that does not exist', { name: 'ok', owner_id: UNKNOWN }, 'owner_id'],
  ])('refuses %s with 422 that names the field', async (_what, body, field) => {
    const answer = await owner.client.post<ErrorWire>(PROJECTS, body);
    expect(answer.status).toBe(422);
    expect(answer.body.error.code).toBe('VALIDATION_ERROR');
    expect(JSON.stringify(answer.body.error.details)).toContain(`"${field}"`);
  });

  it('accepts names of 1 and of 255 characters, and keeps every character of them', async () => {
    expect((await create('x')).name).toBe('x');
    const long = `${'Ünï-日本語-🚀 '.repeat(20)}`.slice(0, 250);
    expect((await create(long.toWellFormed().trim())).name).toBe(long.toWellFormed().trim());
  });

  it('lists an empty page for somebody without projects', async () => {
    const fresh = await signUp(stack());
    const answer = await fresh.client.get<PageWire<ProjectWire>>(PROJECTS);
    expect(answer.body).toEqual({ items: [], total: 0, skip: 0, limit: 20 });
  });

  it('pages by skip and limit, newest first, and counts all', async () => {
    const lister = await signUp(stack());
    for (const name of ['one', 'two', 'three', 'four', 'five']) await create(name, lister);
    const first = await lister.client.get<PageWire<ProjectWire>>(PROJECTS, { query: { limit: 2 } });
    const rest = await lister.client.get<PageWire<ProjectWire>>(PROJECTS, { query: { skip: 2, limit: 100 } });
    expect(first.body).toMatchObject({ total: 5, skip: 0, limit: 2 });
    expect([...first.body.items, ...rest.body.items].map((item) => item.name)).toEqual([
      'five',
      'four',
      'three',
      'two',
      'one',
    ]);
  });

  it.each([
    ['skip', '-1'],
    ['skip', 'x'],
    ['skip', '1.5'],
    ['skip', '99999999999999999999'],
    ['limit', '0'],
    ['limit', '101'],
    ['limit', ''],
    ['limit', 'NaN'],
  ])('refuses %s=%s with 422', async (name, value) => {
    const answer = await owner.client.get<ErrorWire>(PROJECTS, { query: { [name]: value } });
    expect([answer.status, answer.body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
  });

  it('searches names without regard to case, by name, and takes % and _ literally', async () => {
    const searcher = await signUp(stack());
    for (const name of [
      'Test B',
      'a test',
      '100% done',
      '100 done',
      'snake_case',
      'snakeXcase',
      'other',
      'Crème',
      'Москва',
    ]) {
      await create(name, searcher);
    }
    const names = async (search: string): Promise<string[]> => {
      const answer = await searcher.client.get<PageWire<ProjectWire>>(PROJECTS, { query: { search } });
      expect(answer.body.total).toBe(answer.body.items.length);
      return answer.body.items.map((item) => item.name);
    };
    expect(new Set(await names('TEST'))).toEqual(new Set(['Test B', 'a test']));
    expect(await names('0%')).toEqual(['100% done']);
    expect(await names('e_c')).toEqual(['snake_case']);
    expect(await names('nothing like it')).toEqual([]);
    for (const search of ['CRÈME', 'crème'.normalize('NFD')]) expect(await names(search)).toEqual(['Crème']);
    expect(await names('москва')).toEqual(['Москва']);
  });

  it('lists nobody else’s projects, whatever is searched', async () => {
    await create('secret of the owner');
    const answer = await stranger.client.get<PageWire<ProjectWire>>(PROJECTS, { query: { search: 'secret' } });
    expect(answer.body).toMatchObject({ items: [], total: 0 });
  });

  it('reads, changes and deletes an own project', async () => {
    const project = await create('Before');
    expect((await owner.client.get<ProjectWire>(`${PROJECTS}/${project.id}`)).body).toEqual(project);

    const changed = await owner.client.patch<ProjectWire>(`${PROJECTS}/${project.id}`, { name: 'After' });
    expect(changed.body).toMatchObject({ name: 'After', description: project.description });
    expect(Date.parse(changed.body.updated_at)).toBeGreaterThanOrEqual(Date.parse(project.updated_at));

    const gone = await owner.client.delete(`${PROJECTS}/${project.id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await owner.client.get(`${PROJECTS}/${project.id}`)).status).toBe(404);
    expect((await owner.client.patch(`${PROJECTS}/${project.id}`, { name: 'x' })).status).toBe(404);
    expect((await owner.client.delete(`${PROJECTS}/${project.id}`)).status).toBe(404);
    const page = await owner.client.get<PageWire<ProjectWire>>(PROJECTS, { query: { search: 'After' } });
    expect(page.body.total).toBe(0);
  });

  it('changes nothing for an empty PATCH, clears the description by null, keeps what is left out', async () => {
    const project = await create('Kept', owner, 'words');
    expect((await owner.client.patch<ProjectWire>(`${PROJECTS}/${project.id}`, {})).body).toMatchObject({
      name: 'Kept',
      description: 'words',
    });
    const cleared = await owner.client.patch<ProjectWire>(`${PROJECTS}/${project.id}`, { description: null });
    expect(cleared.body).toMatchObject({ name: 'Kept', description: null });
    expect((await owner.client.patch(`${PROJECTS}/${project.id}`, { name: null })).status).toBe(422);
  });

  describe('somebody else’s project', () => {
    const touch = [
      ['GET', undefined],
      ['PATCH', { name: 'mine now' }],
      ['DELETE', undefined],
    ] as const;

    it.each(touch)('looks to %s exactly like one that does not exist', async (method, body) => {
      const project = await create('Private');
      const foreign = await stranger.client.send<ErrorWire>(method, `${PROJECTS}/${project.id}`, { body });
      const unknown = await stranger.client.send<ErrorWire>(method, `${PROJECTS}/${UNKNOWN}`, { body });
      expect(foreign.status).toBe(404);
      expect(unknown.status).toBe(404);
      const bare = (answer: typeof foreign, id: string) =>
        JSON.stringify(answer.body).replaceAll(id, '<id>').replaceAll(answer.body.error.request_id, '<request>');
      expect(bare(foreign, project.id)).toBe(bare(unknown, UNKNOWN));
      expect([...foreign.headers.keys()].sort()).toEqual([...unknown.headers.keys()].sort());
      expect(foreign.body.error).toMatchObject({
        code: 'NOT_FOUND',
        details: { resource: 'Project', id: project.id },
      });
      expect((await owner.client.get<ProjectWire>(`${PROJECTS}/${project.id}`)).body).toEqual(project);
    });
  });

  describe('optimistic concurrency', () => {
    it('answers an ETag that changes with the project', async () => {
      const project = await create('Tagged');
      const path = `${PROJECTS}/${project.id}`;
      const before = (await owner.client.get(path)).headers.get('etag');
      expect(before).toMatch(/^(W\/)?"[^"]+"$/);
      expect((await owner.client.get(path)).headers.get('etag')).toBe(before);
      const changed = await owner.client.patch(path, { name: 'Tagged twice' });
      const after = (await owner.client.get(path)).headers.get('etag');
      expect(after).not.toBe(before);
      expect(changed.headers.get('etag')).toBe(after);
    });

    it('refuses a change whose If-Match is stale with 412 and takes one that matches', async () => {
      const project = await create('Contended');
      const path = `${PROJECTS}/${project.id}`;
      const tag = (await owner.client.get(path)).headers.get('etag') ?? '';
      const first = await owner.client.patch(path, { name: 'first' }, { headers: { 'if-match': tag } });
      const second = await owner.client.patch<ErrorWire>(path, { name: 'second' }, { headers: { 'if-match': tag } });
      expect(first.status).toBe(200);
      expect([second.status, second.body.error.code]).toEqual([412, 'PRECONDITION_FAILED']);
      expect((await owner.client.get<ProjectWire>(path)).body.name).toBe('first');
      const removal = await owner.client.delete(path, { headers: { 'if-match': tag } });
      expect(removal.status).toBe(412);
    });

    it('lets exactly one of ten parallel changes with the same If-Match win', async () => {
      const project = await create('Raced');
      const path = `${PROJECTS}/${project.id}`;
      const tag = (await owner.client.get(path)).headers.get('etag') ?? '';
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          owner.client.patch(path, { name: `winner ${index}` }, { headers: { 'if-match': tag } }),
        ),
      );
      const statuses = answers.map((answer) => answer.status).sort();
      expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
      const winner = answers.findIndex((answer) => answer.status === 200);
      expect((await owner.client.get<ProjectWire>(path)).body.name).toBe(`winner ${winner}`);
    });

    it('refuses an If-Match that is no ETag with 4xx', async () => {
      const project = await create('Odd');
      const path = `${PROJECTS}/${project.id}`;
      const answer = await owner.client.patch(path, { name: 'x' }, { headers: { 'if-match': 'not-a-tag' } });
      expect([400, 412, 422]).toContain(answer.status);
    });
  });

  describe('restore', () => {
    it('brings a deleted project back for an admin, and for nobody else', async () => {
      const admin = await withRole(stack(), 'admin');
      const project = await create('Phoenix');
      await owner.client.delete(`${PROJECTS}/${project.id}`);
      const path = `/api/v1/admin/projects/${project.id}/restore`;
      expect((await owner.client.post(path)).status).toBe(403);
      expect((await stack().client.post(path)).status).toBe(401);
      const restored = await admin.client.post<ProjectWire>(path);
      expect([restored.status, restored.body.id]).toEqual([200, project.id]);
      expect((await owner.client.get<ProjectWire>(`${PROJECTS}/${project.id}`)).body.name).toBe('Phoenix');
      expect((await admin.client.post(`/api/v1/admin/projects/${UNKNOWN}/restore`)).status).toBe(404);
    });
  });

  it.each([
    ['GET', PROJECTS],
    ['POST', PROJECTS],
    ['GET', `${PROJECTS}/${UNKNOWN}`],
    ['PATCH', `${PROJECTS}/${UNKNOWN}`],
    ['DELETE', `${PROJECTS}/${UNKNOWN}`],
  ] as const)('refuses %s %s without a token with 401 and a challenge', async (method, path) => {
    const body = method === 'POST' || method === 'PATCH' ? { name: 'x' } : undefined;
    const answer = await stack().client.send<ErrorWire>(method, path, { body });
    expect([answer.status, answer.body.error.code]).toEqual([401, 'AUTHENTICATION_ERROR']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });
});
