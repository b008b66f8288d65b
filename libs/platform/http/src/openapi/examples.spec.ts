import { withExamples } from './examples';
import { type Schema } from './schemas';

/** The example of a property of this name and schema, in a schema of this name. */
function shown(name: string, schema: Schema, owner = 'CreateDepotDto'): unknown {
  const { properties } = withExamples(owner, { type: 'object', properties: { [name]: schema } });
  return (properties as Record<string, Schema>)[name]?.example;
}

describe('an example of a property', () => {
  it.each<[string, Schema, unknown]>([
    ['contact_email', { type: 'string' }, 'ada@example.com'],
    ['retired_at', { type: ['string', 'null'], format: 'date' }, '2026-11-22'],
    ['expires_at', { type: 'string', format: 'date-time' }, '2026-12-22T09:30:00.000Z'],
    ['name', { type: 'string', maxLength: 255 }, 'Example depot'],
    ['plate', { type: 'string' }, 'Plate'],
    ['mileage', { type: 'string', pattern: '^(0|-?[1-9][0-9]{0,17})$' }, '42'],
    ['state', { type: 'string', enum: ['new', 'used'] }, 'new'],
    ['price', { type: 'integer' }, 1_999],
    ['capacity', { type: 'integer', minimum: 10 }, 10],
    ['depth', { type: 'integer', maximum: -1 }, -1],
    ['limit', { type: 'integer', default: 50 }, 50],
    ['electric', { type: 'boolean' }, true],
    ['equipment', { type: 'object', additionalProperties: true }, {}],
    ['scopes', { type: 'array', items: { type: 'string' } }, ['users.read_own']],
  ])('%s of %p', (name, schema, example) => {
    expect(shown(name, schema)).toEqual(example);
  });

  it('is what somebody wrote, null as well', () => {
    expect(shown('name', { type: 'string', example: 'Harbour' })).toBe('Harbour');
    expect(shown('ends_at', { type: ['string', 'null'], format: 'date-time', example: null })).toBeNull();
  });

  it('is none where a reference leads to one, or nothing fits', () => {
    expect(shown('owner', { $ref: '#/components/schemas/UserDto' })).toBeUndefined();
    expect(shown('owners', { type: 'array', items: { $ref: '#/components/schemas/UserDto' } })).toBeUndefined();
    expect(shown('iban', { type: 'string', pattern: '^[A-Z]{2}[0-9]{20}$' })).toBeUndefined();
  });

  it('differs between ids of different names, and leaves the schema as it was', () => {
    const uuid = { type: 'string', format: 'uuid' };
    expect(shown('id', uuid)).not.toBe(shown('owner_id', uuid));
    expect(uuid).toEqual({ type: 'string', format: 'uuid' });
  });

  it('stands in objects inside, too', () => {
    const inside = { type: 'object', properties: { code: { type: 'string' } } };
    const { properties } = withExamples('Error', { type: 'object', properties: { error: inside } });
    expect(properties).toMatchObject({ error: { properties: { code: { example: '492039' } } } });
  });
});
