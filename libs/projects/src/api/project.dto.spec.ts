import { InputPipe } from '@platform/http';
import { CreateProjectDto, ListProjectsDto, UpdateProjectDto } from './project.dto';

const pipe = new InputPipe();
const read = (metatype: new () => object, value: object, type: 'body' | 'query' = 'body') =>
  pipe.transform(value, { type, metatype });

describe('the input of projects', () => {
  it('trims the name and keeps an explicit null', async () => {
    expect(await read(CreateProjectDto, { name: '  Plan ', description: null })).toEqual({
      name: 'Plan',
      description: null,
    });
    expect(await read(UpdateProjectDto, {})).toEqual({});
  });

  it.each([
    ['no name', CreateProjectDto, {}],
    ['a blank name', CreateProjectDto, { name: '  ' }],
    ['a name of 256 characters', CreateProjectDto, { name: 'x'.repeat(256) }],
    ['a name that is a number', CreateProjectDto, { name: 7 }],
    ['a description of 2001 characters', CreateProjectDto, { name: 'x', description: 'y'.repeat(2001) }],
    ['an owner', CreateProjectDto, { name: 'x', owner_id: 'y' }],
    ['a name cleared by null', UpdateProjectDto, { name: null }],
    ['a field that is not known', UpdateProjectDto, { id: 'x' }],
  ])('refuses %s', async (_title, dto, value) => {
    await expect(read(dto, value)).rejects.toMatchObject({ status: 422 });
  });

  it('takes an empty search for none', async () => {
    expect(await read(ListProjectsDto, { search: '' }, 'query')).toEqual({ skip: 0, limit: 20 });
    await expect(read(ListProjectsDto, { limit: '101' }, 'query')).rejects.toMatchObject({ status: 422 });
  });
});
