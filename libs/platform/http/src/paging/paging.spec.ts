import { NotFound } from '@platform/kernel';
import { etagOf, matchesNone, versionInIfMatch, withEtag } from './etag';
import { PageDto, pageOf } from './page.dto';
import { PageQueryDto } from './page-query.dto';
import { UuidPipe } from './uuid-param';
import { InputPipe } from './validation.pipe';

describe('a page', () => {
  it('is exactly items, total, skip and limit, with the cursor out of sight', () => {
    const page = PageDto.of({ items: [1, 2], total: 9, skip: 0, limit: 2, nextCursor: 'c' }, (item) => item * 10);
    expect(JSON.parse(JSON.stringify(page))).toEqual({ items: [10, 20], total: 9, skip: 0, limit: 2 });
    expect(PageDto.nextCursorOf(page)).toBe('c');
    expect(PageDto.nextCursorOf(PageDto.of({ items: [], total: 0, skip: 0, limit: 2 }, String))).toBeNull();
  });

  it('has one class per item, named after it', () => {
    class ProjectDto {}
    expect(pageOf(ProjectDto)).toBe(pageOf(ProjectDto));
    expect(pageOf(ProjectDto).name).toBe('ProjectPageDto');
  });
});

describe('an entity tag', () => {
  it('is invisible on the DTO', () => {
    const dto = withEtag({ id: 'a' }, 3);
    expect([etagOf(dto), JSON.stringify(dto), etagOf(null), etagOf('x')]).toEqual([
      '"3"',
      '{"id":"a"}',
      undefined,
      undefined,
    ]);
  });

  it('is found in If-None-Match, weak or strong', () => {
    expect(['"3"', 'W/"3"', '"1", W/"3"', '*'].map((header) => matchesNone(header, '"3"'))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([undefined, '"33"', '3', ''].map((header) => matchesNone(header, '"3"'))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('names a version in If-Match; what is not ours names one that never exists', () => {
    expect([undefined, '*', '"3"'].map(versionInIfMatch)).toEqual([undefined, undefined, 3]);
    expect(['W/"3"', '"x"', '3', '', '"99999999999999999999"'].map(versionInIfMatch)).toEqual([-1, -1, -1, -1, -1]);
  });
});

describe('an id in the path', () => {
  const pipe = new UuidPipe('Project');

  it('is read in lower case, and anything else names nothing', () => {
    expect(pipe.transform('0198F1C2-6f3a-7000-8000-00000000000A')).toBe('0198f1c2-6f3a-7000-8000-00000000000a');
    for (const id of ['1', '', '{0198f1c2-6f3a-7000-8000-000000000001}', `${'9'.repeat(3_000)}`]) {
      expect(() => pipe.transform(id)).toThrow(NotFound);
    }
  });
});

describe('validation', () => {
  const pipe = new InputPipe();
  const metadata = { type: 'query', metatype: PageQueryDto } as const;

  it('fills in what a query leaves out and remembers it by the query object', async () => {
    const query = Object.freeze({ limit: '7' });
    const first = await pipe.transform(query, metadata);
    expect(first).toEqual({ skip: 0, limit: 7 });
    expect(await pipe.transform(query, metadata)).toBe(first);
  });

  it('does not remember a refusal as a success', async () => {
    const query = Object.freeze({ limit: '0' });
    await expect(pipe.transform(query, metadata)).rejects.toMatchObject({ status: 422, details: { field: 'limit' } });
    await expect(pipe.transform(query, metadata)).rejects.toMatchObject({ status: 422 });
  });
});
