import { IsDisplayName } from '@platform/security';
import { AppError, BadRequest, NotFound, PreconditionFailed } from '@platform/kernel';
import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsOptional, IsString, MaxLength, MinLength, ValidateNested } from 'class-validator';
import { etagOf, matchesNone, versionInIfMatch, withEtag, withReasonOfIfMatch } from './etag';
import { PageDto, pageOf } from './page.dto';
import { PageQueryDto } from './page-query.dto';
import { UuidPipe } from './uuid-param';
import { InputPipe } from './validation.pipe';

describe('a page', () => {
  it('is exactly items, total, skip and limit, with the cursor out of sight', () => {
    const page = PageDto.of({ items: [1, 2], total: 9, skip: 0, limit: 2, nextCursor: 'c' }, (item) => item * 10);
    expect(JSON.parse(JSON.stringify(page))).toEqual({ items: [10, 20], total: 9, skip: 0, limit: 2 });
    expect(PageDto.nextCursorOf(page)).toBe('c');
    expect(
      PageDto.nextCursorOf(PageDto.of({ items: [], total: 0, skip: 0, limit: 2, nextCursor: null }, String)),
    ).toBeNull();
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

describe('a refused If-Match', () => {
  const stale = new PreconditionFailed('Note', '7');

  it.each([
    ['W/"1"', 'weak', /weak tag, which never matches.*send the ETag of the resource without W\//],
    [' w/"1"', 'weak', /weak tag/],
    ['"abc"', 'foreign', /no tag of this API: send the ETag of the resource as it was answered, with its quotes/],
    ['1', 'foreign', /with its quotes/],
    ['"1"', 'stale', /was changed by somebody else/],
  ])('of %s says that it is %s', (header, reason, words) => {
    const error = withReasonOfIfMatch(stale, header);
    expect(error).toMatchObject({ status: 412, code: 'PRECONDITION_FAILED' });
    expect(error.details).toEqual({ resource: 'Note', id: '7', reason });
    expect(error.message).toMatch(words);
  });

  it('leaves other refusals alone: what is missing stays missing', () => {
    const missing = new NotFound('Note', '7');
    expect(withReasonOfIfMatch(missing, 'W/"1"')).toBe(missing);
    expect(withReasonOfIfMatch(stale, undefined)).toBe(stale);
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

class PartDto {
  @IsString()
  @MinLength(2)
  word: string;
}

class OrderDto {
  @IsDisplayName(5)
  name: string;

  @IsArray()
  @ArrayNotEmpty()
  @IsString({ each: true })
  @MaxLength(3, { each: true })
  tags: string[];

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  parts?: PartDto[];
}

describe('a refusal of the validation', () => {
  const pipe = new InputPipe();
  const refusal = async (body: unknown): Promise<AppError> => {
    try {
      await pipe.transform(body, { type: 'body', metatype: OrderDto });
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error('nothing was refused');
  };

  it('tells what is missing from what is wrong, once for each field', async () => {
    const { details, message } = await refusal({});
    expect(message).toBe('2 fields are not valid: name, tags');
    expect(details.errors).toEqual([
      { field: 'name', message: 'name is missing', type: 'missing' },
      { field: 'tags', message: 'tags is missing', type: 'missing' },
    ]);
    expect((await refusal({ name: 'Ann' })).message).toBe('tags is missing');
    expect((await refusal({ name: null, tags: ['a'] })).message).toBe('name: Must be a string');
  });

  it('names the type where it is wrong, and leaves out the bounds', async () => {
    expect((await refusal({ name: 'Ann', tags: 'a' })).message).toBe('tags must be an array');
    expect((await refusal({ name: 'Ann', tags: [7] })).message).toBe('each value in tags must be a string');
    const limit = await pipe.transform({ limit: 'abc' }, { type: 'query', metatype: PageQueryDto }).catch(String);
    expect(limit).toBe('ValidationFailed: limit must be an integer number');
  });

  it('names the path of what is inside', async () => {
    const { message } = await refusal({ name: 'Ann', tags: ['a'], parts: [{ word: 'fine' }, { word: 'x' }] });
    expect(message).toBe('parts.1.word must be longer than or equal to 2 characters');
    const unknown = await refusal({ name: 'Ann', tags: ['a'], parts: [{ word: 'fine', wrod: 1 }] });
    expect(unknown.message).toBe('parts.0.wrod is not a known field');
  });

  it('of a list says that one object is wanted, and not that 0 is an unknown field', async () => {
    const error = await refusal([{ name: 'Ann', tags: ['a'] }]);
    expect(error).toBeInstanceOf(BadRequest);
    expect(error.message).toBe('The request body must be one JSON object, not a list');
    await expect(pipe.transform([1], { type: 'body', metatype: Array })).resolves.toEqual([1]);
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
