import { difference } from './docs.commands';
import { foldVersions, readApiDescription, type RouteLine, routesPage } from './routes-page';

const route = (over: Partial<RouteLine>): RouteLine => ({
  method: 'GET',
  path: '/api/v1/app/projects',
  handler: 'ProjectsController.list',
  access: 'projects.read',
  rate_limit: 'authenticated',
  idempotent: false,
  ...over,
});

describe('the routes reference', () => {
  it('shows a route that both versions serve once', () => {
    const folded = foldVersions([route({}), route({ path: '/api/v2/app/projects' })]);
    expect(folded.map((line) => line.path)).toEqual(['/api/{v1,v2}/app/projects']);
  });

  it('keeps routes of one version, and those outside the versions, as they are', () => {
    const folded = foldVersions([route({ path: '/api/v2/app/new' }), route({ path: '/health/live' })]);
    expect(folded.map((line) => line.path)).toEqual(['/api/v2/app/new', '/health/live']);
  });

  it('does not fold two handlers or two methods', () => {
    expect(foldVersions([route({}), route({ path: '/api/v2/app/projects', handler: 'Other.list' })])).toHaveLength(2);
    expect(foldVersions([route({}), route({ path: '/api/v2/app/projects', method: 'POST' })])).toHaveLength(2);
  });

  it('says why a route is public and what else it promises', () => {
    const page = routesPage([
      route({ access: 'public', why: 'a probe has no token' }),
      route({ method: 'POST', idempotent: true, audit: 'resource.created' }),
      route({ method: 'PATCH', audit: 'none: nothing to tell' }),
    ]);
    expect(page).toContain('public: a probe has no token');
    expect(page).toContain('takes an `Idempotency-Key`, audited as `resource.created`');
    expect(page).toContain('not audited (nothing to tell)');
  });

  it('refuses the description of another build', () => {
    expect(() => readApiDescription([{ path: '/' }])).toThrow();
  });
});

describe('the comparison of a generated file', () => {
  it('finds nothing in equal texts', () => {
    expect(difference('a.md', 'one\ntwo\n', 'one\ntwo\n')).toEqual([]);
  });

  it('names the first line that differs', () => {
    expect(difference('a.md', 'one\ntwo\n', 'one\n2\n')).toEqual(['a.md:2 differs: "2" should be "two"']);
  });

  it('finds a file that is longer than it should be, and one that is missing', () => {
    expect(difference('a.md', 'one', 'one\nmore')).toEqual(['a.md:2 differs: "more" should be "(end)"']);
    expect(difference('a.md', 'one', undefined)).toEqual(['a.md is missing']);
  });
});
